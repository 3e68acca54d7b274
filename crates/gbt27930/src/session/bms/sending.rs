//! The frames of its messages, and the start of its transfers.

use super::tables::{IDS, LISTS, SLOTS};
use super::{Bms, Lists};
use crate::codes::{Code, Permit, Readiness};
use crate::message::MessageKind;
use crate::session::State;
use crate::{CanId, Edition, Frame};

impl Bms {
    /// A single frame, or `None` after starting a transfer (or skipping one while another runs).
    pub(super) fn build(&mut self, index: usize, lists: &Lists<'_>) -> Option<Frame> {
        let (kind, id) = (*SLOTS.get(index)?, *IDS.get(index)?);
        let contents = &mut self.contents;
        match kind {
            MessageKind::Bem => Frame::new(id, &self.timeouts.to_bytes()),
            MessageKind::Bst => {
                self.flags.has_sent_bst = true;
                Frame::new(id, &self.stop_causes.to_bytes())
            }
            MessageKind::Bro => {
                let readiness = match self.state {
                    State::WaitCharger => Readiness::Ready,
                    _ => Readiness::NotReady,
                };
                Frame::new(id, &[readiness.to_code()])
            }
            MessageKind::Bhm => contents.bhm.any_frame(id),
            MessageKind::Bcl => contents.bcl.any_frame(id),
            MessageKind::Bsm => {
                let permit =
                    if self.flags.host_pauses { Permit::Forbidden } else { Permit::Permitted };
                let [.., states, _] = contents.bsm.bytes_mut();
                *states = *states & !0x30 | permit.to_code() << 4;
                contents.bsm.any_frame(id)
            }
            MessageKind::Bsd => contents.bsd.any_frame(id),
            _ => self.send_long(index, kind, id, lists),
        }
    }

    /// A message that is usually longer than a frame: starts its transfer. While one runs, a period that falls due is
    /// skipped.
    fn send_long(
        &mut self,
        index: usize,
        kind: MessageKind,
        id: CanId,
        lists: &Lists<'_>,
    ) -> Option<Frame> {
        let payload = match kind {
            MessageKind::Brm if self.edition == Edition::V2011 => {
                self.contents.brm.cut(const { MessageKind::Brm.info().length_2011 as usize })
            }
            MessageKind::Brm => self.contents.brm.as_bytes(),
            MessageKind::Bcp => self.contents.bcp.as_bytes(),
            MessageKind::Bcs => self.contents.bcs.as_bytes(),
            MessageKind::Bmv => lists.cell_voltages,
            MessageKind::Bmt => lists.temperatures,
            _ => lists.reserved,
        };
        if payload.is_empty() {
            return None;
        }
        if payload.len() <= 8 {
            return Frame::new(id, payload);
        }
        let size = u16::try_from(payload.len()).ok()?;
        if !self.sender.is_busy() {
            if LISTS & 1 << index == 0 {
                let _ = self.in_flight.set(kind, payload);
            }
            self.sender.start(self.now, u32::from(id.pf()) << 8, size);
        }
        None
    }
}
