/** The byte order marks of the encodings that a text may have (Unicode, "Byte Order Mark"). */
const marks: readonly (readonly [encoding: string, mark: readonly number[]])[] = [
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** The text of a file, by its byte order mark, which is left out; without one it is UTF-8. */
export function textOf(content: Uint8Array): string {
  return new TextDecoder(markedEncoding(content) ?? 'utf-8').decode(content);
}

/** Whether a file is no text. As Git decides it, by a NUL byte near the start; but UTF-16, which is full of them, says what it is. */
export function isBinary(content: Uint8Array): boolean {
  return markedEncoding(content) === undefined && content.subarray(0, 8_000).includes(0);
}

function markedEncoding(content: Uint8Array): string | undefined {
  return marks.find(([, mark]) => mark.every((byte, index) => content[index] === byte))?.[0];
}
