//! A charger's state as bytes: to store over a restart, to send to the platform. After loading it goes on to the bit.
//!
//! Layout, little-endian: `EVHS`, version, number of buckets, length of the payload (u16), payload, FNV-1a (u64) of all before.

use crate::charger::{Charger, ItemBank};
use crate::grade::{Grade, GradeTracker};
use crate::params::Fnv;
use crate::time::Instant;

/// Version of the layout written here, and the oldest one that is still read.
///
/// | version | payload |
/// |---|---|
/// | 1 | items, wear, grade |
/// | 2 | contacts at the end, clipped sessions in a row in each signal; both start at nothing when a version 1 is read |
pub(crate) const VERSION: u8 = 2;
const OLDEST: u8 = 1;
const MAGIC: [u8; 4] = *b"EVHS";
const HEADER: usize = 8;
const CHECKSUM: usize = 8;

/// The bytes are no snapshot, or the buffer is too small for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// The buffer cannot hold the snapshot.
    #[error("buffer of {actual} bytes for a snapshot of {needed}")]
    BufferTooSmall {
        /// Bytes needed.
        needed: usize,
        /// Bytes of the buffer.
        actual: usize,
    },
    /// Not that many bytes, or no header.
    #[error("{actual} bytes where a snapshot has {needed}")]
    Length {
        /// Bytes that the header states, or of the smallest snapshot.
        needed: usize,
        /// Bytes there are.
        actual: usize,
    },
    /// The first bytes are not those of a snapshot.
    #[error("not a snapshot")]
    Magic,
    /// A layout that is newer than this library, or another number of buckets.
    #[error("snapshot of version {version} with {buckets} buckets")]
    Version {
        /// Its version.
        version: u8,
        /// Its buckets.
        buckets: u8,
    },
    /// The bytes were damaged.
    #[error("checksum does not match")]
    Checksum,
    /// The checksum matches, but a value is impossible.
    #[error("impossible value in the snapshot")]
    Impossible,
}

const _: () = assert!(size_of::<SnapshotError>() <= 32);

impl<const BUCKETS: usize> Charger<BUCKETS> {
    /// Writes the state and returns the length.
    ///
    /// # Errors
    /// The buffer is too small; [`Self::snapshot_len`] says how much is needed.
    pub fn save(&self, buffer: &mut [u8]) -> Result<usize, SnapshotError> {
        let needed = self.snapshot_len();
        let actual = buffer.len();
        let Some(whole) = buffer.get_mut(..needed) else {
            return Err(SnapshotError::BufferTooSmall { needed, actual });
        };
        let too_small = SnapshotError::BufferTooSmall { needed, actual };
        let (body, checksum) = whole.split_last_chunk_mut::<CHECKSUM>().ok_or(too_small)?;
        let mut writer = Writer { rest: body };
        MAGIC.put(&mut writer);
        VERSION.put(&mut writer);
        buckets::<BUCKETS>().put(&mut writer);
        u16::try_from(needed - HEADER - CHECKSUM).unwrap_or(u16::MAX).put(&mut writer);
        self.put(&mut writer);
        let mut hash = Fnv::NEW;
        hash.add(body);
        *checksum = hash.0.to_le_bytes();
        Ok(needed)
    }

    /// Bytes that [`Self::save`] writes for this state.
    #[must_use]
    pub fn snapshot_len(&self) -> usize {
        HEADER + self.len() + CHECKSUM
    }

    /// Reads a state back.
    ///
    /// # Errors
    /// See [`SnapshotError`]; any bytes give a state or an error.
    pub fn load(bytes: &[u8]) -> Result<Self, SnapshotError> {
        let actual = bytes.len();
        let too_short = SnapshotError::Length { needed: HEADER + CHECKSUM, actual };
        let (body, checksum) = bytes.split_last_chunk::<CHECKSUM>().ok_or(too_short)?;
        let mut reader = Reader { rest: body, version: VERSION, ok: true };
        let magic = <[u8; 4]>::take(&mut reader);
        let (version, found) = (u8::take(&mut reader), u8::take(&mut reader));
        let payload = usize::from(u16::take(&mut reader));
        if !reader.ok {
            return Err(too_short);
        }
        if magic != MAGIC {
            return Err(SnapshotError::Magic);
        }
        if !(OLDEST..=VERSION).contains(&version) || found != buckets::<BUCKETS>() {
            return Err(SnapshotError::Version { version, buckets: found });
        }
        let needed = HEADER + payload + CHECKSUM;
        if actual != needed {
            return Err(SnapshotError::Length { needed, actual });
        }
        let mut hash = Fnv::NEW;
        hash.add(body);
        if hash.0.to_le_bytes() != *checksum {
            return Err(SnapshotError::Checksum);
        }
        reader.version = version;
        let state = Self::take(&mut reader);
        let all_read = reader.ok && reader.rest.is_empty();
        if all_read && state.wear.is_possible() {
            Ok(state)
        } else {
            Err(SnapshotError::Impossible)
        }
    }
}

fn buckets<const BUCKETS: usize>() -> u8 {
    u8::try_from(BUCKETS).unwrap_or(u8::MAX)
}

/// A value with a fixed place in the snapshot. Reading past the end is noted in the reader, not here.
pub(crate) trait Stored {
    fn put(&self, writer: &mut Writer<'_>);
    fn take(reader: &mut Reader<'_>) -> Self;
    fn len(&self) -> usize;
}

pub(crate) struct Writer<'a> {
    rest: &'a mut [u8],
}

impl Writer<'_> {
    fn bytes(&mut self, bytes: &[u8]) {
        // The buffer was measured before.
        if let Some((slots, rest)) =
            core::mem::take(&mut self.rest).split_at_mut_checked(bytes.len())
        {
            slots.copy_from_slice(bytes);
            self.rest = rest;
        }
    }
}

pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    version: u8,
    ok: bool,
}

impl Reader<'_> {
    fn chunk<const N: usize>(&mut self) -> [u8; N] {
        if let Some((chunk, rest)) = self.rest.split_first_chunk() {
            self.rest = rest;
            return *chunk;
        }
        self.ok = false;
        [0; N]
    }

    /// A value that layouts before `version` do not hold: then it starts at nothing.
    pub(crate) fn take_since<T: Stored + Default>(&mut self, version: u8) -> T {
        if self.version < version { T::default() } else { T::take(self) }
    }

    /// Notes that what was read is impossible.
    pub(crate) fn refuse(&mut self) {
        self.ok = false;
    }
}

macro_rules! stored_numbers {
    ($($number:ty),+) => { $(
        impl Stored for $number {
            fn put(&self, writer: &mut Writer<'_>) {
                writer.bytes(&self.to_le_bytes());
            }
            fn take(reader: &mut Reader<'_>) -> Self {
                Self::from_le_bytes(reader.chunk())
            }
            fn len(&self) -> usize {
                size_of::<Self>()
            }
        }
    )+ };
}

stored_numbers!(u8, i8, u16, i16, u32, u64, f32);

impl Stored for bool {
    fn put(&self, writer: &mut Writer<'_>) {
        u8::from(*self).put(writer);
    }
    fn take(reader: &mut Reader<'_>) -> Self {
        match u8::take(reader) {
            0 => false,
            1 => true,
            _ => {
                reader.refuse();
                false
            }
        }
    }
    fn len(&self) -> usize {
        1
    }
}

impl Stored for Instant {
    fn put(&self, writer: &mut Writer<'_>) {
        self.raw().put(writer);
    }
    fn take(reader: &mut Reader<'_>) -> Self {
        Self::from_millis(u64::take(reader))
    }
    fn len(&self) -> usize {
        8
    }
}

impl<T: Stored, const N: usize> Stored for [T; N] {
    fn put(&self, writer: &mut Writer<'_>) {
        self.iter().for_each(|entry| entry.put(writer));
    }
    fn take(reader: &mut Reader<'_>) -> Self {
        core::array::from_fn(|_| T::take(reader))
    }
    fn len(&self) -> usize {
        self.iter().map(T::len).sum()
    }
}

/// The fields of a struct in the order of the snapshot, and those which a newer version added, with their version.
macro_rules! stored_fields {
    ($type:ty $(, const $n:ident)? { $($field:ident),+ $(,)? } $(since $version:literal { $($new:ident),+ })?) => {
        impl $(<const $n: usize>)? $crate::snapshot::Stored for $type {
            fn put(&self, writer: &mut $crate::snapshot::Writer<'_>) {
                $( self.$field.put(writer); )+
                $($( self.$new.put(writer); )+)?
            }
            fn take(reader: &mut $crate::snapshot::Reader<'_>) -> Self {
                Self {
                    $( $field: $crate::snapshot::Stored::take(reader), )+
                    $($( $new: reader.take_since($version), )+)?
                }
            }
            fn len(&self) -> usize {
                0 $( + self.$field.len() )+ $($( + self.$new.len() )+)?
            }
        }
    };
}
pub(crate) use stored_fields;

stored_fields!(ItemBank { values, last, coverage, refused });
stored_fields!(Charger<BUCKETS>, const BUCKETS { items, wear, grade } since 2 { contacts });

impl Stored for GradeTracker {
    fn put(&self, writer: &mut Writer<'_>) {
        let (current, candidate, held) = self.parts();
        let number = |grade: Option<Grade>| grade.map_or(u8::MAX, |grade| grade as u8);
        [number(current), number(candidate), held].put(writer);
    }
    fn take(reader: &mut Reader<'_>) -> Self {
        let [current, candidate, held] = <[u8; 3]>::take(reader);
        let mut grade = |number: u8| match number {
            0 => Some(Grade::Good),
            1 => Some(Grade::Fair),
            2 => Some(Grade::Attention),
            3 => Some(Grade::Poor),
            4 => Some(Grade::Stop),
            u8::MAX => None,
            _ => {
                reader.refuse();
                None
            }
        };
        let (current, candidate) = (grade(current), grade(candidate));
        Self::from_parts(current, candidate, held)
    }
    fn len(&self) -> usize {
        3
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_is_noticed() {
        let charger = Charger::<11>::default();
        let mut buffer = [0; 2_048];
        let len = charger.save(&mut buffer).unwrap();
        let bytes = &mut buffer[..len];
        assert_eq!(Charger::<11>::load(bytes), Ok(charger));
        let other = Charger::<4>::load(bytes);
        assert_eq!(other, Err(SnapshotError::Version { version: VERSION, buckets: 11 }));
        for at in 0..len {
            for bit in 0..8 {
                bytes[at] ^= 1 << bit;
                assert!(Charger::<11>::load(bytes).is_err(), "byte {at} bit {bit}");
                bytes[at] ^= 1 << bit;
            }
            assert!(Charger::<11>::load(&bytes[..at]).is_err());
        }
        assert!(matches!(charger.save(&mut [0; 10]), Err(SnapshotError::BufferTooSmall { .. })));
    }
    /// What version 1 wrote is read; the contacts, which it did not know, start at nothing.
    #[test]
    fn the_older_version_is_read() {
        let charger = Charger::<11>::default();
        let mut buffer = [0; 2_048];
        let len = charger.save(&mut buffer).unwrap();
        let payload = len - HEADER - CHECKSUM - charger.contacts.len();
        let seal = |version: u8, buffer: &mut [u8]| {
            buffer[4] = version;
            buffer[6..8].copy_from_slice(&u16::try_from(payload).unwrap().to_le_bytes());
            let mut hash = Fnv::NEW;
            hash.add(&buffer[..HEADER + payload]);
            buffer[HEADER + payload..HEADER + payload + CHECKSUM]
                .copy_from_slice(&hash.0.to_le_bytes());
        };
        let whole = HEADER + payload + CHECKSUM;
        seal(1, &mut buffer);
        assert_eq!(Charger::<11>::load(&buffer[..whole]), Ok(charger));
        for version in [0, VERSION + 1] {
            seal(version, &mut buffer);
            let expected = Err(SnapshotError::Version { version, buckets: 11 });
            assert_eq!(Charger::<11>::load(&buffer[..whole]), expected);
        }
        // The newest layout with the oldest payload ends too early.
        seal(VERSION, &mut buffer);
        assert_eq!(Charger::<11>::load(&buffer[..whole]), Err(SnapshotError::Impossible));
    }
}
