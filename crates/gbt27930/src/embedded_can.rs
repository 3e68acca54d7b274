//! `embedded-can`: frames of a CAN driver in and out.

use embedded_can::{ExtendedId, Id};

use crate::{CanId, Frame};

/// Remote frames and 11-bit identifiers, which this standard does not use, cannot be made.
impl embedded_can::Frame for Frame {
    fn new(id: impl Into<Id>, data: &[u8]) -> Option<Self> {
        match id.into() {
            Id::Extended(id) => Self::new(CanId::from_raw(id.as_raw())?, data),
            Id::Standard(_) => None,
        }
    }

    fn new_remote(_id: impl Into<Id>, _dlc: usize) -> Option<Self> {
        None
    }

    fn is_extended(&self) -> bool {
        true
    }

    fn is_remote_frame(&self) -> bool {
        false
    }

    fn id(&self) -> Id {
        // 29 bits always fit.
        Id::Extended(ExtendedId::new(self.id().raw()).unwrap_or(ExtendedId::ZERO))
    }

    fn dlc(&self) -> usize {
        self.data().len()
    }

    fn data(&self) -> &[u8] {
        Self::data(self)
    }
}

impl Frame {
    /// From a driver's frame; `None` for a remote frame, an 11-bit identifier, or more than 8 bytes.
    ///
    /// ```
    /// # use evse_gbt27930::{CanId, Frame};
    /// let id = CanId::from_raw(0x1826_F456).unwrap();
    /// let theirs = Frame::new(id, &[1, 1, 0]).unwrap(); // any `embedded_can::Frame`
    /// assert_eq!(Frame::from_driver(&theirs), Some(theirs));
    /// let back: Option<Frame> = theirs.to_driver();
    /// assert_eq!(back, Some(theirs));
    /// ```
    pub fn from_driver(frame: &impl embedded_can::Frame) -> Option<Self> {
        match frame.id() {
            Id::Extended(id) if !frame.is_remote_frame() => {
                Self::new(CanId::from_raw(id.as_raw())?, frame.data())
            }
            _ => None,
        }
    }

    /// To a driver's frame; `None` if the driver refuses it.
    #[must_use]
    pub fn to_driver<F: embedded_can::Frame>(&self) -> Option<F> {
        F::new(embedded_can::Frame::id(self), self.data())
    }
}
