// The client as a program: totpd SOCKET USER CODE prints yes or no; totpd SOCKET reads requests, a
// line each.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"example.org/totpd"
)

func main() {
	if len(os.Args) != 2 && len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: totpd SOCKET [USER CODE]")
		os.Exit(2)
	}
	// An absent or unreadable value is the default.
	timeout, _ := time.ParseDuration(os.Getenv("TOTPD_TIMEOUT") + "s")
	client := &totpd.Totpd{Path: os.Args[1], Timeout: timeout}
	if len(os.Args) == 4 {
		if !client.Verify(os.Args[2], os.Args[3]).OK {
			fmt.Println("no")
			os.Exit(1)
		}
		fmt.Println("yes")
		return
	}
	requests := bufio.NewScanner(os.Stdin)
	for requests.Scan() {
		var request totpd.Request
		if err := json.Unmarshal(requests.Bytes(), &request); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		json.NewEncoder(os.Stdout).Encode(client.Ask(request).Fields)
	}
}
