package presenter

// FormOf is what a draft holds.
var FormOf = formOf
