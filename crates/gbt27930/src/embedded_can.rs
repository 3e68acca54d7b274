//! `embedded-can`: [`Frame`] as that crate's frame. Only extended data frames exist here.

use embedded_can::{ExtendedId, Id};

use crate::{CanId, Frame};

impl From<ExtendedId> for CanId {
    fn from(id: ExtendedId) -> Self {
        // 29 bits always fit.
        Self::from_raw(id.as_raw()).unwrap_or(Self::ZERO)
    }
}

impl From<CanId> for ExtendedId {
    fn from(id: CanId) -> Self {
        Self::new(id.raw()).unwrap_or(Self::ZERO)
    }
}

/// `new` refuses 11-bit identifiers and more than 8 bytes, `new_remote` everything.
impl embedded_can::Frame for Frame {
    fn new(id: impl Into<Id>, data: &[u8]) -> Option<Self> {
        match id.into() {
            Id::Extended(id) => Self::new(id.into(), data),
            Id::Standard(_) => None,
        }
    }

    fn new_remote(_: impl Into<Id>, _: usize) -> Option<Self> {
        None
    }

    fn is_extended(&self) -> bool {
        true
    }

    fn is_remote_frame(&self) -> bool {
        false
    }

    fn id(&self) -> Id {
        Id::Extended(Self::id(self).into())
    }

    fn dlc(&self) -> usize {
        Self::data(self).len()
    }

    fn data(&self) -> &[u8] {
        Self::data(self)
    }
}

#[cfg(test)]
mod tests {
    use embedded_can::{ExtendedId, Frame as _, StandardId};

    use crate::Frame;

    #[test]
    fn frames_cross_over() {
        let id = ExtendedId::new(0x1810_56F4).unwrap();
        let frame = <Frame as embedded_can::Frame>::new(id, &[1, 2]).unwrap();
        assert_eq!((frame.dlc(), embedded_can::Frame::data(&frame)), (2, [1, 2].as_slice()));
        assert_eq!(embedded_can::Frame::id(&frame), id.into());
        assert!(<Frame as embedded_can::Frame>::new(StandardId::MAX, &[]).is_none());
        assert!(Frame::new_remote(id, 0).is_none());
    }
}
