//! `arbitrary`: frames for fuzzers, mostly such as this bus carries. Messages and quantities derive theirs.

use arbitrary::{Arbitrary, Result, Unstructured};

use crate::message::MessageKind;
use crate::{CanId, Frame, PF_TP_CM, PF_TP_DT, Party};

impl<'a> Arbitrary<'a> for Party {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(if u.arbitrary()? { Self::Charger } else { Self::Bms })
    }
}

impl<'a> Arbitrary<'a> for CanId {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let by = u.arbitrary()?;
        Ok(match u.arbitrary::<u8>()? {
            0..64 => Self::new(7, PF_TP_CM, by),
            64..128 => Self::new(7, PF_TP_DT, by),
            128..240 => u.choose(MessageKind::ALL)?.info().can_id(),
            _ => Self::from_raw(u.arbitrary::<u32>()? >> 3).unwrap_or(Self::new(6, 0, by)),
        })
    }
}

impl<'a> Arbitrary<'a> for Frame {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let id = u.arbitrary()?;
        let mut data: [u8; 8] = u.arbitrary()?;
        // Half of the connection management frames are made to mean something.
        if let [control @ 0..100, ..] = &mut data {
            *control =
                [0x10, 0x11, 0x13, 0xFF].get(usize::from(*control % 4)).copied().unwrap_or(0x10);
        }
        let len = u.int_in_range(0..=16_usize)?.min(8);
        Ok(Self::new(id, data.get(..len).unwrap_or_default()).unwrap_or(Self::full(id, data)))
    }
}
