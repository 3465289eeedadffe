#!/bin/sh -e
# Makes the databases of the tests with tools that share no code with ours.
# On Debian 12: apt-get install keepassxc python3-pykeepass libfile-keepass-perl
# The password of all is "open sesame"; see ../kdbx_test.go for what is in them.
cd "$(dirname "$0")"
rm -f ./*.kdbx

fill() {
	run mkdir '' Mail
	run "add -u monitor -p" 'old-KDBXMARK
' Mail/mx1.example.org
	run "edit -p" 's3cret-KDBXMARK <&>"'"' ä
" Mail/mx1.example.org
	run "add -u other -p" 'other-KDBXMARK
' Mail/mx2.example.org
}
discard() {
	run "add -u wrong -p" 'wrong-KDBXMARK
' /mx1.example.org
	run rm '' /mx1.example.org # into the recycle bin
}
run() { printf 'open sesame\n%s' "$2" | keepassxc-cli $1 -q "$db" "$3" >/dev/null 2>&1; }

# KeePassXC: KDBX 3.1, AES-256, AES-KDF, gzip, Salsa20 inside.
db=keepassxc31.kdbx
printf 'open sesame\nopen sesame\n' | keepassxc-cli db-create -q -p -t 100 $db >/dev/null 2>&1
fill

# The recycle bin makes it KDBX 4.1, with ChaCha20 inside.
cp keepassxc31.kdbx keepassxc-aeskdf.kdbx
db=keepassxc-aeskdf.kdbx
discard

/usr/bin/python3 - <<'PYTHON'
from pykeepass import create_database
from construct import Container

def database(name, cipher, compress, kdf):
    kp = create_database(name, password='open sesame')
    head = kp.kdbx.header.value.dynamic_header
    head.cipher_id.data = cipher
    head.encryption_iv.data = bytes(range(12 if cipher == 'chacha20' else 16))
    head.compression_flags.data.compression = compress
    d = head.kdf_parameters.data.dict
    for key in list(d):
        if key != '$UUID' and key not in kdf:
            del d[key]
    last = None
    for key, (kind, value) in kdf.items():
        d[key] = Container(type=kind, key=key, value=value, next_byte=0)
        if last: d[last].next_byte = kind
        last = key
    if name.startswith('keepassxc'):
        kp.kdbx.header.pop('data')
        return kp.save()
    mail = kp.add_group(kp.root_group, 'Mail')
    e = kp.add_entry(mail, 'mx1.example.org', 'monitor', 'old-KDBXMARK')
    e.save_history()
    e.password = 's3cret-KDBXMARK <&>"\' ä'
    e.set_custom_property('smtp port', '587')
    kp.add_entry(mail, 'mx2.example.org', 'other', 'other-KDBXMARK', url='https://mx2.example.org/?a&b')
    kp.kdbx.header.pop('data') # so that it is built anew
    kp.save()

argon = lambda uuid: {'$UUID': (0x42, bytes.fromhex(uuid)), 'I': (5, 3), 'M': (5, 1 << 20), 'P': (4, 3), 'S': (0x42, bytes(range(32))), 'V': (4, 0x13)}
database('chacha-argon2id.kdbx', 'chacha20', True, argon('9e298b1956db4773b23dfc3ec6f0a1e6'))
database('aes-argon2d.kdbx', 'aes256', False, argon('ef636ddf8c29444b91f7a9a403e30a0c'))
database('keepassxc-argon2d.kdbx', 'aes256', True, argon('ef636ddf8c29444b91f7a9a403e30a0c'))
PYTHON

# KeePassXC again, which keeps what the file that it is given is made with: KDBX
# 4.1, AES-256, Argon2d, gzip, ChaCha20 inside.
db=keepassxc-argon2d.kdbx
fill
discard

# File::KeePass: KDBX 3.0, AES-256, AES-KDF, gzip, Salsa20 inside.
perl -MFile::KeePass -e '
my $k = File::KeePass->new;
my $root = $k->add_group({title => "Root"});
my $mail = $k->add_group({title => "Mail", group => $root->{id}});
my $e = $k->add_entry({group => $mail->{id}, title => "mx1.example.org", username => "monitor", password => "s3cret-KDBXMARK <&>\"\x27 \xc3\xa4"});
$k->add_entry({group => $mail->{id}, title => "mx2.example.org", username => "other", password => "other-KDBXMARK"});
$k->save_db("kdbx31.kdbx", "open sesame", {version => 2});'
ls -l ./*.kdbx
