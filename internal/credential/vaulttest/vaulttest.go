// Package vaulttest is a stand-in for HashiCorp Vault for tests: the answers of
// its HTTP API to logins and to reading key-value secrets of both versions,
// as developer.hashicorp.com/vault/api-docs shows them. Where it has to say no
// it repeats what it was sent, which the real one does not: nothing of that may
// reach an output. Tests import it, the program never does.
package vaulttest

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// What is in the store. Every secret value and credential holds Mark.
const (
	Mark     = "VAULTMARK"
	Token    = "hvs." + Mark + "-root"
	User     = "monitor"
	UserPass = "u1-" + Mark
	RoleID   = "role-" + Mark
	SecretID = "secret-" + Mark
	Password = "p4ss-" + Mark
)

// Server is a running Vault. It has these secrets, and may be told to misbehave
// before it is asked:
//
//	kv1/smtp            version 1, {"username": "monitor", "password": Password}
//	kv1/single          {"monitor": Password}
//	kv1/odd             {"number": 587, "list": [], "none": ""}
//	kv1/empty           {}
//	kv/data/smtp        version 2, the same as kv1/smtp; ?version=1 has another password
//	kv/data/future      to be deleted some day, still there
//	kv/data/deleted     deleted; kv/data/destroyed destroyed
//	private/smtp        permission denied
type Server struct {
	*httptest.Server
	Slow      time.Duration
	Linger    time.Duration // before a token is revoked
	Sealed    bool
	Redirect  string
	Raw       string // said instead of any answer
	Huge      bool
	Namespace string // that requests must name
	CertCN    string // of the client whom the method cert lets in

	mutex  sync.Mutex
	tokens map[string]bool
	asked  []string
}

// New starts a Vault without TLS.
func New(t testing.TB) *Server { return start(t, (*httptest.Server).Start) }

// NewTLS starts a Vault with TLS that asks for a client's certificate.
func NewTLS(t testing.TB) *Server { return start(t, (*httptest.Server).StartTLS) }

func start(t testing.TB, begin func(*httptest.Server)) *Server {
	s := &Server{tokens: map[string]bool{Token: true}}
	s.Server = httptest.NewUnstartedServer(s)
	s.Server.TLS = &tls.Config{ClientAuth: tls.RequestClientCert}
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	begin(s.Server)
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s
}

// Asked is the requests so far, "METHOD path", and how many tokens are left
// that a login gave out.
func (s *Server) Asked() (requests []string, tokens int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.asked, len(s.tokens) - 1
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mutex.Lock()
	s.asked = append(s.asked, r.Method+" "+r.URL.RequestURI())
	s.mutex.Unlock()
	body, _ := io.ReadAll(r.Body) // before the wait: else the end of the request would not be seen
	slow := s.Slow
	if strings.HasSuffix(r.URL.Path, "/revoke-self") {
		slow = s.Linger
	}
	select {
	case <-time.After(slow):
	case <-r.Context().Done():
		return
	}
	path, ok := strings.CutPrefix(r.URL.Path, "/v1/")
	switch {
	case s.Raw != "":
		io.WriteString(w, s.Raw)
	case s.Redirect != "":
		http.Redirect(w, r, s.Redirect+r.URL.Path, http.StatusTemporaryRedirect)
	case s.Huge:
		io.WriteString(w, `{"data":{"x":"`)
		for range 200 {
			io.WriteString(w, strings.Repeat("x", 10_000))
		}
	case s.Sealed:
		refuse(w, 503, "Vault is sealed")
	case !ok || r.Header.Get("X-Vault-Request") != "true" || r.Header.Get("X-Vault-Namespace") != s.Namespace:
		refuse(w, 404, "no handler for route "+r.URL.Path)
	case r.Method == "POST" && strings.Contains(path, "/login"):
		s.login(w, r, path, body)
	default:
		s.authorized(w, r, path)
	}
}

func (s *Server) login(w http.ResponseWriter, r *http.Request, path string, body []byte) {
	var given map[string]string
	json.Unmarshal(body, &given)
	mount, user, _ := strings.Cut(strings.TrimPrefix(path, "auth/"), "/login")
	var good bool
	switch mount {
	case "userpass", "ldap", "okta", "radius", "team/userpass":
		good = user == "/"+User && given["password"] == UserPass
	case "approle":
		good = user == "" && given["role_id"] == RoleID && given["secret_id"] == SecretID
	case "kubernetes", "jwt", "azure":
		good = user == "" && given["role"] == "r" && given["jwt"] == SecretID
	case "github":
		good = user == "" && given["token"] == SecretID
	case "cert":
		good = r.TLS != nil && len(r.TLS.PeerCertificates) > 0 && r.TLS.PeerCertificates[0].Subject.CommonName == s.CertCN && given["name"] == "web"
	case "mfa":
		reply(w, 200, map[string]any{"auth": map[string]any{"client_token": "", "mfa_requirement": map[string]any{"mfa_request_id": "x"}}})
		return
	default:
		refuse(w, 403, "permission denied")
		return
	}
	if !good || r.Header.Get("X-Vault-Token") != "" { // the real one would not mind the token
		refuse(w, 400, fmt.Sprint("invalid username or password: ", user, given))
		return
	}
	s.mutex.Lock()
	token := "hvs." + Mark + strconv.Itoa(len(s.asked))
	s.tokens[token] = true
	s.mutex.Unlock()
	reply(w, 200, map[string]any{"auth": map[string]any{"client_token": token, "lease_duration": 2764800, "token_type": "service"}, "data": nil})
}

func (s *Server) authorized(w http.ResponseWriter, r *http.Request, path string) {
	token := r.Header.Get("X-Vault-Token")
	s.mutex.Lock()
	known := s.tokens[token]
	s.mutex.Unlock()
	switch {
	case !known:
		refuse(w, 403, "permission denied for "+token)
	case r.Method == "POST" && path == "auth/token/revoke-self":
		s.mutex.Lock()
		delete(s.tokens, token)
		s.mutex.Unlock()
		w.WriteHeader(http.StatusNoContent)
	case r.Method != "GET":
		refuse(w, 405, "unsupported operation")
	case path == "auth/token/lookup-self":
		reply(w, 200, map[string]any{"data": map[string]any{"id": token, "policies": []string{"default"}}})
	case strings.HasPrefix(path, "kv1/"):
		version1(w, strings.TrimPrefix(path, "kv1/"))
	case strings.HasPrefix(path, "kv/data/"):
		version2(w, strings.TrimPrefix(path, "kv/data/"), r.URL.Query().Get("version"))
	case strings.HasPrefix(path, "kv/"):
		reply(w, 404, map[string]any{"errors": []string{}, "warnings": []string{"Invalid path for a versioned K/V secrets engine. See the API docs for the appropriate API endpoints to use."}})
	case strings.HasPrefix(path, "private/"):
		refuse(w, 403, "1 error occurred: * permission denied for "+token)
	default:
		refuse(w, 404, "no handler for route "+path)
	}
}

func version1(w http.ResponseWriter, name string) {
	secrets := map[string]map[string]any{
		"smtp":   {"username": User, "password": Password},
		"single": {User: Password},
		"odd":    {"number": 587, "list": []string{Password}, "none": ""},
		"empty":  {},
	}
	if data, ok := secrets[name]; ok {
		reply(w, 200, map[string]any{"request_id": "x", "lease_duration": 2764800, "data": data, "warnings": nil, "auth": nil})
		return
	}
	reply(w, 404, map[string]any{"errors": []string{}})
}

func version2(w http.ResponseWriter, name, version string) {
	data := map[string]any{"username": User, "password": Password}
	metadata := map[string]any{"created_time": "2026-01-01T00:00:00Z", "custom_metadata": nil, "deletion_time": "", "destroyed": false, "version": 2}
	status := 200
	switch name {
	case "smtp":
		if version == "1" {
			data["password"], metadata["version"] = "old-"+Password, 1
		}
	case "future":
		metadata["deletion_time"] = "2226-01-01T00:00:00Z"
	case "deleted":
		data, status = nil, 404
		metadata["deletion_time"] = "2026-01-02T00:00:00Z"
	case "destroyed":
		data, status = nil, 404
		metadata["destroyed"] = true
	default:
		reply(w, 404, map[string]any{"errors": []string{}})
		return
	}
	outer := map[string]any{"data": nil, "metadata": metadata}
	if data != nil {
		outer["data"] = data
	}
	reply(w, status, map[string]any{"request_id": "x", "data": outer, "warnings": nil, "auth": nil})
}

func refuse(w http.ResponseWriter, status int, words string) {
	reply(w, status, map[string]any{"errors": []string{words}})
}

func reply(w http.ResponseWriter, status int, answer any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(answer)
}
