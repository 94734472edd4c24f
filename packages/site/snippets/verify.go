package memberpass

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"
)

var digits = regexp.MustCompile(`^[0-9]{1,12}$`)

// Verify is true only for a delivery signed with one of your secrets in the last five minutes.
//
// secrets: one, or the old and the new one during a rotation. header: value of MP-Signature, "" if
// there is none. body: the raw bytes, before any parsing. now: time.Now().Unix().
func Verify(secrets []string, header string, body []byte, now int64) bool {
	if len(body) == 0 {
		return false
	}
	signed := ""
	seen := false
	var signatures [][]byte
	for _, part := range strings.Split(header, ",") {
		name, value, _ := strings.Cut(part, "=")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		switch name {
		case "t":
			if seen && value != signed {
				return false
			}
			signed, seen = value, true
		case "v1", "v0":
			if signature, err := hex.DecodeString(value); err == nil {
				signatures = append(signatures, signature)
			}
		}
	}
	if !digits.MatchString(signed) {
		return false
	}
	time, err := strconv.ParseInt(signed, 10, 64)
	if err != nil || now-time > 300 || time-now > 300 {
		return false
	}

	matched := false
	for _, secret := range secrets {
		if strings.TrimSpace(secret) == "" {
			continue
		}
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte(signed + "."))
		mac.Write(body)
		expected := mac.Sum(nil)
		for _, signature := range signatures {
			if hmac.Equal(signature, expected) {
				matched = true
			}
		}
	}
	return matched
}
