/**
 * CRC-32 as zip has it (polynomial 0xEDB88320, reflected), eight bytes a step.
 * Source: Kounavis and Berry, "A Systematic Approach to Building High Performance Software-Based CRC Generators" (2005).
 */
export function crc32(bytes: Uint8Array): number {
  const t = tables();
  const { length } = bytes;
  const whole = length - (length % 8);
  let crc = -1;
  for (let i = 0; i < whole; i += 8) {
    const low = crc ^ (bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24));
    crc =
      t[1792 + (low & 255)] ^
      t[1536 + ((low >>> 8) & 255)] ^
      t[1280 + ((low >>> 16) & 255)] ^
      t[1024 + (low >>> 24)] ^
      t[768 + bytes[i + 4]] ^
      t[512 + bytes[i + 5]] ^
      t[256 + bytes[i + 6]] ^
      t[bytes[i + 7]];
  }
  for (let i = whole; i < length; i++) crc = t[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  return ~crc >>> 0;
}

let made: Int32Array | null = null;

/** Eight tables of 256 words: what a byte does to the remainder when 0 to 7 bytes follow it. */
function tables(): Int32Array {
  if (made !== null) return made;
  made = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let word = byte;
    for (let bit = 0; bit < 8; bit++) word = word & 1 ? (word >>> 1) ^ 0xedb88320 : word >>> 1;
    made[byte] = word;
  }
  for (let i = 256; i < made.length; i++) made[i] = made[made[i - 256] & 255] ^ (made[i - 256] >>> 8);
  return made;
}
