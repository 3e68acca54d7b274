//! Byte strings with a meaning of their own: identifiers (masked in `Debug`), dates, clock readings, version bytes.

use core::fmt;

/// Identifiers: their `Debug` prints the length only; the bytes need a named call.
macro_rules! identifier {
    ($( $(#[$doc:meta])+ $name:ident: $len:literal bytes; )+) => { $(
        $(#[$doc])+
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
        pub struct $name([u8; $len]);

        impl $name {
            /// From the bytes of the wire; any bytes, for vehicles send any.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; $len]) -> Self {
                Self(bytes)
            }

            /// The bytes of the wire.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }

            /// The text, if every byte is printable ASCII.
            #[must_use]
            pub fn as_str(&self) -> Option<&str> {
                let printable = self.0.iter().all(|b| matches!(b, 0x20..=0x7E));
                core::str::from_utf8(&self.0).ok().filter(|_| printable)
            }

            /// The text with every other byte as `\xNN`, for `Display`.
            #[must_use]
            pub fn escaped(&self) -> Escaped<'_> {
                Escaped(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "<masked, {} bytes>", self.0.len())
            }
        }

        #[cfg(feature = "defmt")]
        impl defmt::Format for $name {
            fn format(&self, f: defmt::Formatter<'_>) {
                defmt::write!(f, "<masked, {} bytes>", self.0.len());
            }
        }
    )+ };
}

identifier! {
    /// The vehicle identification number of BRM (SPN 2575): 17 bytes, ASCII by the standard, but some vehicles send
    /// zeros or other bytes. See [`Vin::is_well_formed`].
    Vin: 17 bytes;
    /// The pack's serial number in BRM (SPN 2570): 4 bytes, the maker defines the meaning.
    PackSerial: 4 bytes;
    /// The battery maker's abbreviation in BRM (SPN 2569): 4 bytes, ASCII by the standard.
    Manufacturer: 4 bytes;
}

impl PackSerial {
    /// The four bytes as a little-endian number, as other fields are read.
    #[must_use]
    pub const fn as_number(&self) -> u32 {
        u32::from_le_bytes(self.0)
    }
}

impl Vin {
    /// Whether all 17 characters are capital letters other than I, O and Q, or digits. The check digit is not
    /// examined: outside North America it is optional.
    #[must_use]
    pub fn is_well_formed(&self) -> bool {
        self.0
            .iter()
            .all(|b| matches!(b, b'0'..=b'9' | b'A'..=b'Z') && !matches!(b, b'I' | b'O' | b'Q'))
    }
}

/// Bytes as text: printable ASCII as it is, any other byte as `\xNN`.
#[derive(Clone, Copy)]
pub struct Escaped<'a>(pub &'a [u8]);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|&byte| match byte {
            0x20..=0x7E => write!(f, "{}", char::from(byte)),
            _ => write!(f, "\\x{byte:02x}"),
        })
    }
}

/// The length only, for the text may be an identifier.
impl fmt::Debug for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<masked, {} bytes>", self.0.len())
    }
}

/// Bytes as lower-case hexadecimal digits.
#[derive(Clone, Copy)]
pub struct LowerHex<'a>(pub &'a [u8]);

/// The length only, for the bytes may be an identifier.
impl fmt::Debug for LowerHex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<masked, {} bytes>", self.0.len())
    }
}

impl fmt::Display for LowerHex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Area code of the charger or station in CRM (SPN 2562): 3 bytes of ASCII, 6 in 2011.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct AreaCode {
    bytes: [u8; 6],
    len: u8,
}

impl AreaCode {
    /// From at most 6 bytes, of which 2015 and later send 3; more are dropped, missing ones are sent as ones.
    #[must_use]
    pub fn from_bytes(source: &[u8]) -> Self {
        let mut bytes = [0xFF; 6];
        let mut len = 0;
        for (to, from) in bytes.iter_mut().zip(source) {
            *to = *from;
            len += 1;
        }
        Self { bytes, len }
    }

    /// The bytes: 3, or 6 if read from the 2011 layout; all ones if the message ended early.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len.into()).unwrap_or(&self.bytes)
    }

    /// All 6 bytes, missing ones as ones.
    pub(crate) const fn padded(&self) -> &[u8; 6] {
        &self.bytes
    }
}

impl Default for AreaCode {
    fn default() -> Self {
        Self::from_bytes(&[0xFF; 3])
    }
}

impl fmt::Debug for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", Escaped(self.as_bytes()))
    }
}

#[cfg(feature = "arbitrary")]
impl<'a> arbitrary::Arbitrary<'a> for AreaCode {
    fn arbitrary(u: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        Ok(Self::from_bytes(&u.arbitrary::<[u8; 3]>()?))
    }
}

/// Date of production in BRM (SPN 2571): year (+1985), month, day, one byte each. Kept raw, for vehicles send
/// impossible dates; [`ProductionDate::calendar`] is the validated view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct ProductionDate([u8; 3]);

impl ProductionDate {
    /// From the raw bytes year, month, day.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 3]) -> Self {
        Self(bytes)
    }

    /// The raw bytes year (1985 is 0), month, day.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 3] {
        &self.0
    }

    /// From a date, `None` outside 1985..=2235 or if the calendar does not have it.
    #[must_use]
    pub fn from_calendar(year: u16, month: u8, day: u8) -> Option<Self> {
        let date = Self([year.checked_sub(1985)?.try_into().ok()?, month, day]);
        date.calendar().map(|_| date)
    }

    /// Year, month and day, `None` if the Gregorian calendar does not have that date, or the year byte is 255 (not
    /// available; the range ends with raw 250).
    #[must_use]
    pub const fn calendar(&self) -> Option<(u16, u8, u8)> {
        let [year, month, day] = self.0;
        if year == 0xFF {
            return None;
        }
        let year = 1985 + year as u16;
        let leap =
            year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return None,
        };
        if day == 0 || day > days {
            return None;
        }
        Some((year, month, day))
    }
}

/// The charger's clock in CTS (SPN 2823): packed BCD second, minute, hour, day, month, year (low byte first). The zone
/// is not stated by the standard; in practice it is China's, UTC+8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct BcdTime([u8; 7]);

/// What a CTS says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum ChargerClock {
    /// All ones: the charger does not give the time. Legal, and common.
    NotProvided,
    /// Some byte is not BCD; real chargers send such (`1A`).
    Invalid,
    /// BCD throughout. Not checked against a calendar: chargers send years such as 1415.
    Reading {
        /// Second of the minute.
        second: u8,
        /// Minute of the hour.
        minute: u8,
        /// Hour of the day.
        hour: u8,
        /// Day of the month.
        day: u8,
        /// Month of the year, 1 is January.
        month: u8,
        /// Year.
        year: u16,
    },
}

impl BcdTime {
    /// The time is not given.
    pub const NOT_PROVIDED: Self = Self([0xFF; 7]);

    /// From the raw bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 7]) -> Self {
        Self(bytes)
    }

    /// The raw bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 7] {
        &self.0
    }

    /// From the numbers of a clock; `None` if one has more digits than its field.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8, hour: u8, minute: u8, second: u8) -> Option<Self> {
        let bcd = |number: u8| (number < 100).then(|| number / 10 * 16 + number % 10);
        let century = u8::try_from(year / 100).ok()?;
        Some(Self([
            bcd(second)?,
            bcd(minute)?,
            bcd(hour)?,
            bcd(day)?,
            bcd(month)?,
            bcd((year % 100) as u8)?,
            bcd(century)?,
        ]))
    }

    /// What the bytes say.
    #[must_use]
    pub fn reading(&self) -> ChargerClock {
        if self.0 == [0xFF; 7] {
            return ChargerClock::NotProvided;
        }
        let bcd =
            |byte: u8| (byte >> 4 < 10 && byte & 15 < 10).then(|| (byte >> 4) * 10 + (byte & 15));
        match self.0.map(bcd) {
            [
                Some(second),
                Some(minute),
                Some(hour),
                Some(day),
                Some(month),
                Some(low),
                Some(high),
            ] => ChargerClock::Reading {
                second,
                minute,
                hour,
                day,
                month,
                year: u16::from(high) * 100 + u16::from(low),
            },
            _ => ChargerClock::Invalid,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{format, string::ToString};

    #[test]
    fn identifiers_are_masked() {
        let vin = Vin::from_bytes(*b"L1NSPGH98NA000000");
        assert_eq!(format!("{vin:?}"), "<masked, 17 bytes>");
        assert_eq!(vin.as_str(), Some("L1NSPGH98NA000000"));
        assert!(vin.is_well_formed());
        let zeros = Vin::from_bytes([0; 17]);
        assert_eq!((zeros.as_str(), zeros.is_well_formed()), (None, false));
        assert_eq!(Manufacturer::from_bytes(*b"A\0B\xFF").escaped().to_string(), "A\\x00B\\xff");
    }

    #[test]
    fn dates_and_clocks() {
        assert_eq!(ProductionDate::from_bytes([99, 11, 8]).calendar(), Some((2084, 11, 8)));
        assert_eq!(ProductionDate::from_bytes([15, 2, 29]).calendar(), Some((2000, 2, 29)));
        assert_eq!(ProductionDate::from_bytes([115, 2, 29]).calendar(), None);
        assert_eq!(ProductionDate::from_bytes([255, 1, 1]).calendar(), None);
        let time = BcdTime::new(2015, 5, 16, 8, 24, 36).unwrap();
        assert_eq!(time.as_bytes(), &[0x36, 0x24, 0x08, 0x16, 0x05, 0x15, 0x20]);
        assert!(matches!(time.reading(), ChargerClock::Reading { second: 36, year: 2015, .. }));
        assert_eq!(BcdTime::from_bytes([0x1A; 7]).reading(), ChargerClock::Invalid);
        assert_eq!(BcdTime::NOT_PROVIDED.reading(), ChargerClock::NotProvided);
    }
}
