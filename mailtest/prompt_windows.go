package mailtest

import "golang.org/x/sys/windows"

// setAckFrequency is SIO_TCP_SET_ACK_FREQUENCY of mstcpip.h.
const setAckFrequency = 0x98000017

// acknowledgeAtOnce makes every segment be acknowledged. A Windows that does
// not know the code stays as it was.
func acknowledgeAtOnce(fd uintptr) {
	every, returned := byte(1), uint32(0) // TCP_ACK_FREQUENCY_PARAMETERS
	_ = windows.WSAIoctl(windows.Handle(fd), setAckFrequency, &every, 1, nil, 0, &returned, nil, 0)
}
