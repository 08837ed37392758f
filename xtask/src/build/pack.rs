//! Wasm inside a JavaScript string: one file, one round trip.
//!
//! One character a byte, not base64: a compressor still sees whole bytes, and 10.6 kB of wasm in
//! their file came to 5.4 kB of brotli where base64 came to 6.9. Module scripts are always read as
//! UTF-8, so characters above U+007F are safe whatever charset the server names.

/// Stands for a zero, the most frequent byte of wasm, which no text should hold and whose escape is
/// long. All other bytes stay what they are, so that a compressor finds the words of the wasm's data
/// in the shell and the style sheets too: 0.16 kB of brotli less than with every byte shifted.
const ZERO: char = '\u{1f}';

/// Undoes [`literal`]; a `Uint8Array` keeps the lowest eight bits of what it is given.
pub const UNPACK: &str = "\
    function unpack(text) {\n\
      const bytes = new Uint8Array(text.length);\n\
      for (let at = 0; at < text.length; at++) {\n\
        const code = text.charCodeAt(at);\n\
        bytes[at] = code === 31 ? 0 : code;\n\
      }\n\
      return bytes;\n\
    }";

/// A JavaScript string literal, quotes included.
pub fn literal(bytes: &[u8]) -> String {
    let mut text = String::from("\"");
    for byte in bytes {
        match char::from(*byte) {
            '\0' => text.push(ZERO),
            // The same in its lowest eight bits.
            ZERO => text.push('\u{11f}'),
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            other => text.push(other),
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::{UNPACK, ZERO, literal};
    use crate::process;

    #[test]
    fn node_reads_every_byte_back() {
        let bytes: Vec<u8> = (0..=255).chain((0..=255).rev()).collect();
        let file = std::env::temp_dir().join(format!("funfair-pack-{}.mjs", std::process::id()));
        let script = format!("{UNPACK}\nconsole.log(unpack({}).join(' '))", literal(&bytes));
        std::fs::write(&file, script).unwrap();
        let printed = process::output(Command::new("node").arg(&file)).unwrap();
        std::fs::remove_file(&file).unwrap();
        let read: Vec<u8> = printed.split_whitespace().map(|word| word.parse().unwrap()).collect();
        assert_eq!(read, bytes);
    }

    #[test]
    fn both_sides_mean_the_same_by_a_zero() {
        assert!(UNPACK.contains(&format!("=== {} ?", u32::from(ZERO))));
    }
}
