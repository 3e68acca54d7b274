//! Strings, borrowed as they stand in the frame and unescaped only while they are read.

use core::fmt;

use super::json::plain_run;

/// A string of a frame, still escaped; reading it unescapes on the way, so nothing is ever copied.
///
/// `==` compares the unescaped characters exactly; identifiers of OCPP are compared with
/// [`eq_ignore_case`](Self::eq_ignore_case).
#[derive(Clone, Copy)]
pub struct Text<'a> {
    raw: &'a str,
    form: Form,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Quoted without an escape sequence: the raw text is the text.
    Plain,
    /// Quoted with escape sequences.
    Escaped,
    /// Not a JSON string: a number or object that lenient reading takes for its text.
    Bare,
}

impl<'a> Text<'a> {
    pub(crate) const fn quoted(raw: &'a str, escaped: bool) -> Self {
        let form = if escaped { Form::Escaped } else { Form::Plain };
        Self { raw, form }
    }

    pub(crate) const fn bare(raw: &'a str) -> Self {
        let form = Form::Bare;
        Self { raw, form }
    }

    /// The text as it stands in the frame, without its quotation marks: what is sent on.
    #[must_use]
    pub const fn raw(&self) -> &'a str {
        self.raw
    }

    /// Whether it came as a JSON string: its raw text is already escaped.
    pub(crate) fn is_quoted(&self) -> bool {
        self.form != Form::Bare
    }

    /// The text itself, unless it holds escape sequences.
    #[must_use]
    pub fn as_str(&self) -> Option<&'a str> {
        (self.form != Form::Escaped).then_some(self.raw)
    }

    /// The unescaped characters.
    #[must_use]
    pub fn chars(&self) -> Chars<'a> {
        Chars { rest: self.raw.chars(), escaped: self.form == Form::Escaped }
    }

    /// Number of characters (Unicode code points): what `maxLength` limits.
    #[must_use]
    pub fn char_count(&self) -> usize {
        let characters = self.raw.len() - continuation_bytes(self.raw.as_bytes());
        if self.form != Form::Escaped {
            return characters;
        }
        // Each escape sequence is one character written with several.
        let mut rest = self.raw.as_bytes();
        let mut excess = 0;
        while let Some([_, kind, tail @ ..]) = rest.get(plain_run(rest)..) {
            let length = match (kind, tail) {
                (b'u', [b'd' | b'D', b'8' | b'9' | b'a'..=b'b' | b'A'..=b'B', ..]) => 12,
                (b'u', _) => 6,
                _ => 2,
            };
            excess += length - 1;
            rest = tail.get(length - 2..).unwrap_or(&[]);
        }
        characters.saturating_sub(excess)
    }

    /// Whether the text is empty.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.raw.is_empty()
    }

    /// Equal but for the case of ASCII letters, as `CiString` (1.6) and `identifierString` (2.x) compare.
    #[must_use]
    pub fn eq_ignore_case(&self, other: &Self) -> bool {
        let fold = |c: char| c.to_ascii_lowercase();
        self.chars().map(fold).eq(other.chars().map(fold))
    }

    /// Whether the unescaped text is `other` but for the case of ASCII letters.
    #[must_use]
    pub fn is_ignore_case(&self, other: &str) -> bool {
        self.eq_ignore_case(&Text::quoted(other, false))
    }

    /// Writes the unescaped text into `buffer`; `None` if it does not fit.
    pub fn copy_to<'b>(&self, buffer: &'b mut [u8]) -> Option<&'b str> {
        let mut length = 0;
        if let Some(text) = self.as_str() {
            buffer.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
            length = text.len();
        } else {
            for c in self.chars() {
                let mut utf8 = [0; 4];
                for byte in c.encode_utf8(&mut utf8).bytes() {
                    *buffer.get_mut(length)? = byte;
                    length += 1;
                }
            }
        }
        core::str::from_utf8(buffer.get(..length)?).ok()
    }
}

/// How many bytes of UTF-8 go on with a character (`0b10......`), eight at a time.
fn continuation_bytes(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    let mut rest = bytes;
    let mut count = 0;
    while let Some((chunk, tail)) = rest.split_first_chunk::<8>() {
        let word = u64::from_ne_bytes(*chunk);
        // The multiplication adds the eight bits up in the top byte.
        count += ((word >> 7 & !word >> 6 & ONES).wrapping_mul(ONES) >> 56) as usize;
        rest = tail;
    }
    count + rest.iter().filter(|byte| **byte & 0xC0 == 0x80).count()
}

impl PartialEq for Text<'_> {
    fn eq(&self, other: &Self) -> bool {
        if self.form == Form::Escaped || other.form == Form::Escaped {
            return self.chars().eq(other.chars());
        }
        self.raw == other.raw
    }
}

impl Eq for Text<'_> {}

impl PartialEq<str> for Text<'_> {
    fn eq(&self, other: &str) -> bool {
        if self.form == Form::Escaped {
            return self.chars().eq(other.chars());
        }
        self.raw == other
    }
}

impl PartialEq<&str> for Text<'_> {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write;
        match self.as_str() {
            Some(text) => f.write_str(text),
            None => self.chars().try_for_each(|c| f.write_char(c)),
        }
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.raw)
    }
}

/// The unescaped characters of a [`Text`].
#[derive(Debug, Clone)]
pub struct Chars<'a> {
    rest: core::str::Chars<'a>,
    escaped: bool,
}

impl Chars<'_> {
    /// Four hexadecimal digits, which the scanner has seen.
    fn hex4(&mut self) -> u32 {
        let text = self.rest.as_str();
        let (digits, rest) = text.split_at_checked(4).unwrap_or((text, ""));
        self.rest = rest.chars();
        let value = |digit: u8| char::from(digit).to_digit(16).unwrap_or(0);
        digits.bytes().fold(0, |sum, digit| sum << 4 | value(digit))
    }
}

impl Iterator for Chars<'_> {
    type Item = char;

    #[inline]
    fn next(&mut self) -> Option<char> {
        let c = self.rest.next()?;
        if c != '\\' || !self.escaped {
            return Some(c);
        }
        Some(match self.rest.next()? {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let mut code = self.hex4();
                if let 0xD800..=0xDBFF = code {
                    // The scanner has seen the second half.
                    self.rest.next();
                    self.rest.next();
                    let low = self.hex4();
                    code = 0x1_0000 + ((code & 0x3FF) << 10 | low & 0x3FF);
                }
                char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            itself => itself,
        })
    }
}

/// A value that names a person, a card, a vehicle or a secret: `Debug` prints its length only.
///
/// The text needs the named call [`expose`](Self::expose). Compare with [`same_as`](Self::same_as): identifiers of
/// OCPP ignore the case of ASCII letters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Identifier<'a>(Text<'a>);

impl<'a> Identifier<'a> {
    pub(crate) const fn new(text: Text<'a>) -> Self {
        Self(text)
    }

    /// The text itself.
    #[must_use]
    pub const fn expose(&self) -> Text<'a> {
        self.0
    }

    /// Equal but for the case of ASCII letters; blanks count.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        self.0.eq_ignore_case(&other.0)
    }
}

impl fmt::Debug for Identifier<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<masked, {} bytes>", self.0.raw.len())
    }
}
