package bounded

const nonBlocking = 0 // a pipe's name is told by os.Stat
