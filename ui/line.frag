// The ground of a rectangle in one colour, and nothing beyond its edge: the
// toolkit makes the area that is painted a pixel larger on each side.
#ifdef GL_ES
precision highp float;
#endif
uniform vec2 frame;
uniform vec4 bounds;
uniform float red, green, blue;

void main() {
	vec2 at = vec2(gl_FragCoord.x, frame.y - gl_FragCoord.y);
	if (at != clamp(at, bounds.xy, bounds.zw)) {
		discard;
	}
	gl_FragColor = vec4(red, green, blue, 1.0);
}
