/** What stands before a number in texts and is no project: names of standards, encodings and protocols. */
const names = 'AES CRC CVE CWE GMT HTTP IEC IEEE ISO PKCS RFC RSA SHA SHA2 SHA3 UCS UTC UTF'.split(' ');

/** Whether a text that looks like a key of Jira is well known as something else: `UTF-8`, `SHA-256`. */
export function isFalseKey(key: string): boolean {
  return names.includes(key.slice(0, key.indexOf('-')));
}
