// What is in a ZIP archive that compresses nothing, as runtime/packing.py writes it.

const END = 22; // bytes, of the record at its end
const [HEAD, ENTRY] = [30, 46]; // bytes of a file's two records before its name

// Return [name, bytes] of each file; the bytes are those of the archive itself.
export function members(archive) {
  const found = [];
  const view = new DataView(archive);
  const two = (at) => view.getUint16(at, true);
  const four = (at) => view.getUint32(at, true);
  const end = archive.byteLength - END;
  let at = four(end + 16);
  for (let left = two(end + 10); left > 0; left--) {
    const [size, long, start] = [four(at + 24), two(at + 28), four(at + 42)];
    const name = new TextDecoder().decode(new Uint8Array(archive, at + ENTRY, long));
    found.push([name, new Uint8Array(archive, start + HEAD + two(start + 26) + two(start + 28), size)]);
    at += ENTRY + long + two(at + 30) + two(at + 32);
  }
  return found;
}
