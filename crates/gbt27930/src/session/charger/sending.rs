//! The frames of its messages.

use super::Charger;
use super::tables::{IDS, LENGTHS_2011, SLOTS};
use crate::codes::{Code, Permit, Readiness, Recognition};
use crate::message::MessageKind;
use crate::session::State;
use crate::{Edition, Frame};

impl Charger {
    pub(super) fn build(&mut self, index: usize) -> Option<Frame> {
        let (kind, id) = (*SLOTS.get(index)?, *IDS.get(index)?);
        let is_2011 = self.edition == Edition::V2011;
        let most = if is_2011 { usize::from(*LENGTHS_2011.get(index)?) } else { 8 };
        let contents = &mut self.contents;
        match kind {
            MessageKind::Cem => Frame::new(id, &self.timeouts.to_bytes()),
            MessageKind::Cst => Frame::new(id, &self.stop_causes.to_bytes()),
            MessageKind::Chm => Some(contents.chm.frame(id, 8)),
            MessageKind::Crm => {
                let recognition = match self.state {
                    State::Recognised => Recognition::Recognised,
                    _ => Recognition::NotRecognised,
                };
                let [first, ..] = contents.crm.bytes_mut();
                *first = recognition.to_code();
                Some(contents.crm.frame(id, 8))
            }
            MessageKind::Cts => Some(contents.cts.frame(id, 8)),
            MessageKind::Cml => Some(contents.cml.frame(id, most)),
            MessageKind::Cro => {
                let readiness = match self.state {
                    State::Ready => Readiness::Ready,
                    _ => Readiness::NotReady,
                };
                Frame::new(id, &[readiness.to_code()])
            }
            MessageKind::Ccs => {
                let permit =
                    if self.flags.host_pauses { Permit::Forbidden } else { Permit::Permitted };
                let [.., permission, _] = contents.ccs.bytes_mut();
                *permission = *permission & !3 | permit.to_code();
                // 8 bytes if the host gave so many, 6 in 2011.
                Some(contents.ccs.frame(id, most))
            }
            _ => Some(contents.csd.frame(id, most)),
        }
    }
}
