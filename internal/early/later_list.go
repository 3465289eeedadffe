//go:build later && go1.26 && !go1.27

package early

import _ "unsafe"

// groups are the lists that are put off, each group in the order in which the runtime
// would run them, which a test minds.
var groups = [...][]*task{
	ofTLS: {
		&encodingBase64, &crypto, &fips, &fipsSha3, &fipsSha256, &fipsSha512, &fipsHmac, &fipsCheck,
		&cryptoFips140, &fipsAes, &fipsBigmod, &fipsDrbg, &fipsAesGcm, &fipsEdwards25519Field, &fipsEdwards25519,
		&fipsEd25519, &fipsHkdf, &fipsMlkem, &fipsNistec, &fipsEcdh, &fipsEcdsa, &fipsRsa, &fipsTls12, &fipsTls13,
		&cryptoMd5, &cryptoSha1, &cryptoSha256, &cryptoSha3, &cryptoSha512, &cryptoTlsFips140tls, &encodingJson,
		&mathBig, &cryptoRand, &cryptoRsa, &encodingAsn1, &cryptoX509Pkix, &pathFilepath,
		&vendorGolangOrgXCryptoCryptobyte, &vendorGolangOrgXCryptoChacha20poly1305, &cryptoEcdsa, &cryptoX509,
		&roots, &cryptoTls,
	},
	ofSpeed: {&vendorGolangOrgXSysCpu},
	ofRest: {
		&golangOrgXNetDnsDnsmessage, &hashCrc32, &unicode, &golangOrgXTextUnicodeNorm, &compressFlate,
		&compressGzip, &encodingXml, &flag, &credentialKdbx, &golangOrgXNetIdna, &mime, &regexpSyntax, &regexp,
		&credentialJsonpath, &cryptoHpke, &githubComPiresGoProxyproto, &githubComSpf13Pflag, &option, &resolve,
		&centreon,
	},
}

//go:linkname encodingBase64 encoding/base64..inittask
//go:linkname crypto crypto..inittask
//go:linkname fips crypto/internal/fips140..inittask
//go:linkname fipsSha3 crypto/internal/fips140/sha3..inittask
//go:linkname fipsSha256 crypto/internal/fips140/sha256..inittask
//go:linkname fipsSha512 crypto/internal/fips140/sha512..inittask
//go:linkname fipsHmac crypto/internal/fips140/hmac..inittask
//go:linkname fipsCheck crypto/internal/fips140/check..inittask
//go:linkname cryptoFips140 crypto/fips140..inittask
//go:linkname fipsAes crypto/internal/fips140/aes..inittask
//go:linkname fipsBigmod crypto/internal/fips140/bigmod..inittask
//go:linkname fipsDrbg crypto/internal/fips140/drbg..inittask
//go:linkname fipsAesGcm crypto/internal/fips140/aes/gcm..inittask
//go:linkname fipsEdwards25519Field crypto/internal/fips140/edwards25519/field..inittask
//go:linkname fipsEdwards25519 crypto/internal/fips140/edwards25519..inittask
//go:linkname fipsEd25519 crypto/internal/fips140/ed25519..inittask
//go:linkname fipsHkdf crypto/internal/fips140/hkdf..inittask
//go:linkname fipsMlkem crypto/internal/fips140/mlkem..inittask
//go:linkname fipsNistec crypto/internal/fips140/nistec..inittask
//go:linkname fipsEcdh crypto/internal/fips140/ecdh..inittask
//go:linkname fipsEcdsa crypto/internal/fips140/ecdsa..inittask
//go:linkname fipsRsa crypto/internal/fips140/rsa..inittask
//go:linkname fipsTls12 crypto/internal/fips140/tls12..inittask
//go:linkname fipsTls13 crypto/internal/fips140/tls13..inittask
//go:linkname cryptoMd5 crypto/md5..inittask
//go:linkname cryptoSha1 crypto/sha1..inittask
//go:linkname cryptoSha256 crypto/sha256..inittask
//go:linkname cryptoSha3 crypto/sha3..inittask
//go:linkname cryptoSha512 crypto/sha512..inittask
//go:linkname cryptoTlsFips140tls crypto/tls/internal/fips140tls..inittask
//go:linkname encodingJson encoding/json..inittask
//go:linkname mathBig math/big..inittask
//go:linkname cryptoRand crypto/rand..inittask
//go:linkname cryptoRsa crypto/rsa..inittask
//go:linkname encodingAsn1 encoding/asn1..inittask
//go:linkname cryptoX509Pkix crypto/x509/pkix..inittask
//go:linkname pathFilepath path/filepath..inittask
//go:linkname vendorGolangOrgXCryptoCryptobyte vendor/golang.org/x/crypto/cryptobyte..inittask
//go:linkname vendorGolangOrgXCryptoChacha20poly1305 vendor/golang.org/x/crypto/chacha20poly1305..inittask
//go:linkname cryptoEcdsa crypto/ecdsa..inittask
//go:linkname cryptoX509 crypto/x509..inittask
//go:linkname roots check_smtp/internal/roots..inittask
//go:linkname cryptoTls crypto/tls..inittask
var (
	encodingBase64                         task
	crypto                                 task
	fips                                   task
	fipsSha3                               task
	fipsSha256                             task
	fipsSha512                             task
	fipsHmac                               task
	fipsCheck                              task
	cryptoFips140                          task
	fipsAes                                task
	fipsBigmod                             task
	fipsDrbg                               task
	fipsAesGcm                             task
	fipsEdwards25519Field                  task
	fipsEdwards25519                       task
	fipsEd25519                            task
	fipsHkdf                               task
	fipsMlkem                              task
	fipsNistec                             task
	fipsEcdh                               task
	fipsEcdsa                              task
	fipsRsa                                task
	fipsTls12                              task
	fipsTls13                              task
	cryptoMd5                              task
	cryptoSha1                             task
	cryptoSha256                           task
	cryptoSha3                             task
	cryptoSha512                           task
	cryptoTlsFips140tls                    task
	encodingJson                           task
	mathBig                                task
	cryptoRand                             task
	cryptoRsa                              task
	encodingAsn1                           task
	cryptoX509Pkix                         task
	pathFilepath                           task
	vendorGolangOrgXCryptoCryptobyte       task
	vendorGolangOrgXCryptoChacha20poly1305 task
	cryptoEcdsa                            task
	cryptoX509                             task
	roots                                  task
	cryptoTls                              task
)

//go:linkname vendorGolangOrgXSysCpu vendor/golang.org/x/sys/cpu..inittask
var vendorGolangOrgXSysCpu task

//go:linkname golangOrgXNetDnsDnsmessage golang.org/x/net/dns/dnsmessage..inittask
//go:linkname hashCrc32 hash/crc32..inittask
//go:linkname unicode unicode..inittask
//go:linkname golangOrgXTextUnicodeNorm golang.org/x/text/unicode/norm..inittask
//go:linkname compressFlate compress/flate..inittask
//go:linkname compressGzip compress/gzip..inittask
//go:linkname encodingXml encoding/xml..inittask
//go:linkname flag flag..inittask
//go:linkname credentialKdbx check_smtp/internal/credential/kdbx..inittask
//go:linkname golangOrgXNetIdna golang.org/x/net/idna..inittask
//go:linkname mime mime..inittask
//go:linkname regexpSyntax regexp/syntax..inittask
//go:linkname regexp regexp..inittask
//go:linkname credentialJsonpath check_smtp/internal/credential/jsonpath..inittask
//go:linkname cryptoHpke crypto/hpke..inittask
//go:linkname githubComPiresGoProxyproto github.com/pires/go-proxyproto..inittask
//go:linkname githubComSpf13Pflag github.com/spf13/pflag..inittask
//go:linkname option check_smtp/internal/option..inittask
//go:linkname resolve check_smtp/internal/resolve..inittask
//go:linkname centreon check_smtp/internal/centreon..inittask
var (
	golangOrgXNetDnsDnsmessage task
	hashCrc32                  task
	unicode                    task
	golangOrgXTextUnicodeNorm  task
	compressFlate              task
	compressGzip               task
	encodingXml                task
	flag                       task
	credentialKdbx             task
	golangOrgXNetIdna          task
	mime                       task
	regexpSyntax               task
	regexp                     task
	credentialJsonpath         task
	cryptoHpke                 task
	githubComPiresGoProxyproto task
	githubComSpf13Pflag        task
	option                     task
	resolve                    task
	centreon                   task
)
