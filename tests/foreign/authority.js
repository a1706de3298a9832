// A certificate authority of the test's own, by openssl's command.
'use strict';
const {execFileSync} = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const CONFIGURATION = `
[ca]
default_ca = test
[test]
database = index.txt
new_certs_dir = .
serial = serial
crlnumber = crlnumber
default_md = sha256
default_crl_days = 1
policy = any
unique_subject = no
copy_extensions = copy
certificate = ca.crt
private_key = ca.key
[any]
commonName = supplied
[req]
distinguished_name = name
prompt = no
[name]
CN = unused
[authority]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
`;

// openssl's form of a time that is so many days from now.
function daysFromNow(days) {
  return new Date(Date.now() + days * 86400000).toISOString().replace(/[-:T]/g, '').slice(0, 14) + 'Z';
}

class Authority {
  constructor(name) {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'palmares-authority-'));
    for (const [file, text] of [['openssl.cnf', CONFIGURATION], ['index.txt', ''], ['serial', '01\n'], ['crlnumber', '01\n']]) {
      fs.writeFileSync(path.join(this.folder, file), text);
    }
    this.run('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', `/CN=${name}`,
        '-config', 'openssl.cnf', '-extensions', 'authority', '-keyout', 'ca.key', '-out', 'ca.crt');
    this.certificate = path.join(this.folder, 'ca.crt');
  }

  run(...options) {
    return execFileSync('openssl', options, {cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe']});
  }

  // Paths of a new key and its certificate, valid for the host `name` between two days counted from now.
  issue(name, {from = -1, to = 1, file = name} = {}) {
    this.run('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', `/CN=${name}`, '-config', 'openssl.cnf',
        '-addext', `subjectAltName=DNS:${name}`, '-keyout', `${file}.key`, '-out', `${file}.csr`);
    this.run('ca', '-batch', '-config', 'openssl.cnf', '-startdate', daysFromNow(from), '-enddate', daysFromNow(to), '-in', `${file}.csr`,
        '-out', `${file}.crt`, '-notext');
    return {key: path.join(this.folder, `${file}.key`), certificate: path.join(this.folder, `${file}.crt`)};
  }

  // A directory with the authority's revocation list, as gRPC wants it.
  revoke(...issued) {
    for (const {certificate} of issued) this.run('ca', '-config', 'openssl.cnf', '-revoke', certificate);
    const lists = path.join(this.folder, 'lists');
    fs.mkdirSync(lists, {recursive: true});
    this.run('ca', '-config', 'openssl.cnf', '-gencrl', '-out', path.join(lists, 'list.pem'));
    this.run('rehash', lists);
    return lists;
  }

  remove() {
    fs.rmSync(this.folder, {recursive: true});
  }
}

module.exports = {Authority};
