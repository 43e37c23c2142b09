// One colour, also in the pixel beyond each edge that the toolkit adds.
#ifdef GL_ES
precision highp float;
#endif
uniform float red, green, blue;

void main() {
	gl_FragColor = vec4(red, green, blue, 1.0);
}
