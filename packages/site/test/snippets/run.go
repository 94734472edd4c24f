package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"

	"memberpass"
)

func main() {
	lines := bufio.NewReader(os.Stdin)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		var row struct {
			Secrets []string
			Header  *string
			Body    string
			Now     int64
		}
		if err := json.Unmarshal(line, &row); err != nil {
			panic(err)
		}
		body, err := base64.StdEncoding.DecodeString(row.Body)
		if err != nil {
			panic(err)
		}
		header := ""
		if row.Header != nil {
			header = *row.Header
		}
		if memberpass.Verify(row.Secrets, header, body, row.Now) {
			fmt.Println("ok")
		} else {
			fmt.Println("refused")
		}
	}
}
