// A token in Go, by its standard library: EdDSA. `go run token.go SUB` prints one.
package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"log"
	"os"
	"time"
)

// Mint makes a token for whom your own session knows.
func Mint(key ed25519.PrivateKey, store, kid, sub string) (string, error) {
	jti := make([]byte, 16)
	if _, err := rand.Read(jti); err != nil {
		return "", err
	}
	now := time.Now().Unix()
	message := ""
	for _, part := range []map[string]any{
		{"typ": "funfair+jwt", "alg": "EdDSA", "kid": kid},
		{"iss": store, "aud": "funfair:" + store, "sub": sub, "iat": now, "exp": now + 240,
			"jti": hex.EncodeToString(jti)},
	} {
		text, err := json.Marshal(part)
		if err != nil {
			return "", err
		}
		message += base64.RawURLEncoding.EncodeToString(text) + "."
	}
	message = message[:len(message)-1]
	signature := ed25519.Sign(key, []byte(message))
	return message + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

func main() {
	text, err := os.ReadFile(os.Getenv("FUNFAIR_KEY"))
	if err != nil {
		log.Fatal(err)
	}
	block, _ := pem.Decode(text)
	if block == nil {
		log.Fatal("FUNFAIR_KEY is no PEM file")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		log.Fatal(err)
	}
	token, err := Mint(key.(ed25519.PrivateKey), os.Getenv("FUNFAIR_STORE"), os.Getenv("FUNFAIR_KID"), os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(token)
}
