//! The JSON grammar (RFC 8259) read in one pass over text: tokens are checked, located and borrowed, nothing is built.

use super::error::Syntax;
use super::text::Text;

/// Deepest nesting of lists and objects that is read; far beyond anything a schema allows.
pub const MAX_DEPTH: u32 = 128;

/// A position in JSON text. Every method either consumes a whole, checked token or says what is wrong with it; the
/// position is then that of the fault.
#[derive(Clone, Copy)]
pub(crate) struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    pub(crate) const fn new(text: &'a str, at: usize) -> Self {
        Self { text, at }
    }

    #[inline]
    pub(crate) const fn at(&self) -> usize {
        self.at
    }

    /// The text from `from` up to here.
    #[inline]
    pub(crate) fn since(&self, from: usize) -> &'a str {
        self.text.get(from..self.at).unwrap_or("")
    }

    /// The byte here; 0, which is no JSON, past the end.
    #[inline]
    pub(crate) fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    /// Skips blanks and tells the byte behind them.
    #[inline]
    pub(crate) fn token(&mut self) -> u8 {
        loop {
            let byte = self.peek();
            if byte > b' ' || !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return byte;
            }
            self.at += 1;
        }
    }

    /// Steps over the byte last peeked.
    #[inline]
    pub(crate) const fn advance(&mut self) {
        self.at += 1;
    }

    /// What is wrong here: the text may simply have ended.
    pub(crate) fn fail(&self, syntax: Syntax) -> Syntax {
        if self.at >= self.text.len() { Syntax::EndOfText } else { syntax }
    }

    /// Skips blanks and the byte asked for.
    pub(crate) fn expect(&mut self, byte: u8) -> Result<(), Syntax> {
        if self.token() == byte {
            self.at += 1;
            return Ok(());
        }
        Err(self.fail(Syntax::Unexpected))
    }

    /// Nothing but blanks may follow.
    pub(crate) fn end(&mut self) -> Result<(), Syntax> {
        self.token();
        if self.at == self.text.len() {
            return Ok(());
        }
        Err(Syntax::TrailingText)
    }

    /// A string, from its opening quotation mark.
    pub(crate) fn string(&mut self) -> Result<Text<'a>, Syntax> {
        if self.peek() != b'"' {
            return Err(self.fail(Syntax::Unexpected));
        }
        self.at += 1;
        let start = self.at;
        let mut escaped = false;
        loop {
            self.at += plain_run(self.text.as_bytes().get(self.at..).unwrap_or(&[]));
            match self.peek() {
                b'"' => break,
                b'\\' => {
                    escaped = true;
                    self.escape()?;
                }
                _ => return Err(self.fail(Syntax::ControlCharacter)),
            }
        }
        let raw = self.since(start);
        self.at += 1;
        Ok(Text::quoted(raw, escaped))
    }

    /// One escape sequence; a surrogate must come as a pair.
    fn escape(&mut self) -> Result<(), Syntax> {
        self.at += 1;
        match self.peek() {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {
                self.at += 1;
                Ok(())
            }
            b'u' => {
                let start = self.at;
                let first = self.hex4()?;
                match first {
                    0xD800..=0xDBFF => {
                        let second = if self.peek() == b'\\' {
                            self.at += 1;
                            if self.peek() == b'u' { self.hex4()? } else { 0 }
                        } else {
                            0
                        };
                        if (0xDC00..=0xDFFF).contains(&second) {
                            return Ok(());
                        }
                        self.at = start;
                        Err(self.fail(Syntax::LoneSurrogate))
                    }
                    0xDC00..=0xDFFF => {
                        self.at = start;
                        Err(self.fail(Syntax::LoneSurrogate))
                    }
                    _ => Ok(()),
                }
            }
            _ => Err(self.fail(Syntax::Escape)),
        }
    }

    /// `u` and four hexadecimal digits.
    fn hex4(&mut self) -> Result<u32, Syntax> {
        let mut value = 0;
        for _ in 0..4 {
            self.at += 1;
            let Some(digit) = char::from(self.peek()).to_digit(16) else {
                return Err(self.fail(Syntax::Escape));
            };
            value = value << 4 | digit;
        }
        self.at += 1;
        Ok(value)
    }

    /// A number; the text is kept, nothing is computed.
    pub(crate) fn number(&mut self) -> Result<&'a str, Syntax> {
        let start = self.at;
        if self.peek() == b'-' {
            self.at += 1;
        }
        match self.peek() {
            b'0' => self.at += 1,
            b'1'..=b'9' => self.digits(),
            _ => return Err(self.fail(Syntax::Number)),
        }
        if self.peek() == b'.' {
            self.at += 1;
            self.some_digits()?;
        }
        if self.peek() | 0x20 == b'e' {
            self.at += 1;
            if matches!(self.peek(), b'+' | b'-') {
                self.at += 1;
            }
            self.some_digits()?;
        }
        Ok(self.since(start))
    }

    fn digits(&mut self) {
        while self.peek().is_ascii_digit() {
            self.at += 1;
        }
    }

    fn some_digits(&mut self) -> Result<(), Syntax> {
        if !self.peek().is_ascii_digit() {
            return Err(self.fail(Syntax::Number));
        }
        self.digits();
        Ok(())
    }

    /// `true`, `false` or `null`.
    pub(crate) fn literal(&mut self, word: &str) -> Result<(), Syntax> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or(&[]);
        if !rest.starts_with(word.as_bytes()) {
            return Err(self.fail(Syntax::Unexpected));
        }
        self.at += word.len();
        Ok(())
    }

    /// A string, number or literal.
    fn scalar(&mut self) -> Result<(), Syntax> {
        match self.peek() {
            b'"' => self.string().map(drop),
            b'-' | b'0'..=b'9' => self.number().map(drop),
            b't' => self.literal("true"),
            b'f' => self.literal("false"),
            b'n' => self.literal("null"),
            _ => Err(self.fail(Syntax::Unexpected)),
        }
    }

    /// Any value, checked to its end. The kinds of the open brackets are bits of one word, so that hostile nesting
    /// costs no stack.
    pub(crate) fn value(&mut self) -> Result<(), Syntax> {
        let mut objects = 0_u128;
        let mut depth = 0;
        loop {
            // At the start of a value.
            match self.token() {
                open @ (b'{' | b'[') => {
                    if depth == MAX_DEPTH {
                        return Err(self.fail(Syntax::TooDeep));
                    }
                    self.at += 1;
                    depth += 1;
                    objects = objects << 1 | u128::from(open == b'{');
                    let next = self.token();
                    if open == b'{' && next != b'}' {
                        self.key()?;
                        continue;
                    }
                    if open == b'[' && next != b']' {
                        continue;
                    }
                }
                _ => self.scalar()?,
            }
            // Behind a value or an opening bracket whose closing one follows.
            loop {
                if depth == 0 {
                    return Ok(());
                }
                let in_object = objects & 1 == 1;
                match self.token() {
                    b'}' if in_object => {}
                    b']' if !in_object => {}
                    b',' => {
                        self.at += 1;
                        if in_object {
                            self.token();
                            self.key()?;
                        }
                        break;
                    }
                    _ => return Err(self.fail(Syntax::Unexpected)),
                }
                self.at += 1;
                depth -= 1;
                objects >>= 1;
            }
        }
    }

    /// A member's name and its colon.
    pub(crate) fn key(&mut self) -> Result<Text<'a>, Syntax> {
        let name = self.string()?;
        self.expect(b':')?;
        Ok(name)
    }

    /// Steps over a value that has been checked before: only quotation marks and brackets are looked at.
    pub(crate) fn skip_checked(&mut self) {
        let bytes = self.text.as_bytes();
        let mut depth = 0_u32;
        loop {
            match self.token() {
                b'"' => {
                    self.at += 1;
                    loop {
                        self.at += plain_run(bytes.get(self.at..).unwrap_or(&[]));
                        match self.peek() {
                            b'\\' => self.at += 2,
                            _ => break,
                        }
                    }
                    self.at += 1;
                }
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    depth = depth.saturating_sub(1);
                    self.at += 1;
                }
                b',' | b':' => self.at += 1,
                0 => return,
                _ => {
                    while !matches!(self.peek(), b',' | b'}' | b']' | b':' | 0..=b' ') {
                        self.at += 1;
                    }
                }
            }
            if depth == 0 {
                return;
            }
        }
    }
}

/// How many bytes from the start are neither a quotation mark nor a backslash nor a control character.
///
/// Eight at a time: a byte below 1 (or below the blank) borrows into its top bit when that is subtracted. Only bytes
/// behind a true hit can be reported falsely, and the first hit is taken.
#[inline]
pub(crate) fn plain_run(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const TOPS: u64 = ONES << 7;
    const QUOTES: u64 = ONES * b'"' as u64;
    const BACKSLASHES: u64 = ONES * b'\\' as u64;
    const BLANKS: u64 = ONES * b' ' as u64;
    let mut rest = bytes;
    let mut count = 0;
    while let Some((chunk, tail)) = rest.split_first_chunk::<8>() {
        let word = u64::from_le_bytes(*chunk);
        let quote = word ^ QUOTES;
        let backslash = word ^ BACKSLASHES;
        let hit = (quote.wrapping_sub(ONES) & !quote
            | backslash.wrapping_sub(ONES) & !backslash
            | word.wrapping_sub(BLANKS) & !word)
            & TOPS;
        if hit != 0 {
            return count + (hit.trailing_zeros() / 8) as usize;
        }
        count += 8;
        rest = tail;
    }
    count
        + rest.iter().take_while(|byte| **byte >= b' ' && **byte != b'"' && **byte != b'\\').count()
}
