//! The rules of the transport protocol, one test each.

use super::*;
use crate::Instant;
use crate::frame::PF_TP_DT;
use alloc::{vec, vec::Vec};
use proptest::prelude::*;

const BRM: u32 = 0x200;
const BCP: u32 = 0x600;

fn at(ms: u64) -> Instant {
    Instant::from_millis(ms)
}

fn rts(pgn: u32, size: u16, packets: u8, window: u8) -> Frame {
    Control::RequestToSend { size, packets, window, pgn }.encode(Party::Bms)
}

fn dt(number: u8) -> Frame {
    let data = [number; 8];
    Frame::full(CanId::new(7, PF_TP_DT, Party::Bms), data)
}

struct Charger {
    receiver: Receiver,
    memory: [u8; 128],
}

impl Charger {
    fn new(timing: Timing) -> Self {
        Self { receiver: Receiver::new(Party::Charger, timing), memory: [0; 128] }
    }
    fn take(&mut self, ms: u64, frame: Frame) -> (Option<ReceiverEvent>, Option<Control>) {
        let event = self.receiver.handle_frame(at(ms), &frame, &mut self.memory);
        (event, self.sent())
    }
    fn sent(&mut self) -> Option<Control> {
        let frame = self.receiver.poll_transmit()?;
        assert_eq!(self.receiver.poll_transmit(), None);
        Control::decode(frame.full_data().unwrap())
    }
}

fn cts(packets: u8, next: u8) -> Option<Control> {
    Some(Control::ClearToSend { packets, next, pgn: BRM })
}

#[test]
fn captured_exchange() {
    let mut charger = Charger::new(Timing::STANDARD);
    let (event, answer) = charger.take(0, rts(BRM, 49, 7, 0xFF));
    assert_eq!(event, Some(ReceiverEvent::Started { pgn: BRM, replaced: None }));
    let frame = answer.unwrap().encode(Party::Charger);
    assert_eq!(std::format!("{frame}"), "1CECF456#110701FFFF000200");
    for number in 1..7 {
        assert_eq!(charger.take(10, dt(number)), (None, None));
    }
    let (event, answer) = charger.take(70, dt(7));
    assert_eq!(event, Some(ReceiverEvent::Received { pgn: BRM, size: 49 }));
    let frame = answer.unwrap().encode(Party::Charger);
    assert_eq!(std::format!("{frame}"), "1CECF456#13310007FF000200");
    assert_eq!(charger.memory[..49], (1..=7).flat_map(|n| [n; 7]).collect::<Vec<u8>>());
    // A repeated last packet after the acknowledgement is ignored, and delivered is delivered once.
    assert_eq!(charger.take(80, dt(7)), (None, None));
    assert_eq!(charger.receiver.poll_timeout(), None);
}

#[test]
fn bad_announcements_are_refused() {
    let refused = |size, packets| {
        let (event, answer) = Charger::new(Timing::STANDARD).take(0, rts(BRM, size, packets, 0xFF));
        let Some(Control::Abort { reason, pgn: BRM }) = answer else { panic!("{answer:?}") };
        assert_eq!(event, Some(ReceiverEvent::Aborted { pgn: BRM, reason }));
        reason
    };
    assert_eq!(refused(8, 2), AbortReason::Other);
    assert_eq!(refused(49, 6), AbortReason::Other);
    assert_eq!(refused(1786, 0), AbortReason::TooLong);
    assert_eq!(refused(1785, 255), AbortReason::Resources);
}

#[test]
fn a_refused_announcement_ends_the_transfer_of_its_own_message_only() {
    for (pgn, goes_on) in [(BRM, false), (BCP, true)] {
        let mut charger = Charger::new(Timing::STANDARD);
        charger.take(0, rts(BRM, 14, 2, 0xFF));
        charger.take(1, dt(1));
        let (event, _) = charger.take(2, rts(pgn, 1785, 255, 0xFF));
        let refused = ReceiverEvent::Aborted { pgn, reason: AbortReason::Resources };
        assert_eq!(event, Some(refused));
        let received = ReceiverEvent::Received { pgn: BRM, size: 14 };
        assert_eq!(charger.take(3, dt(2)).0, goes_on.then_some(received));
    }
}

#[test]
fn a_reset_forgets_the_transfer_and_its_answer() {
    let mut receiver = Receiver::new(Party::Charger, Timing::STANDARD);
    let mut memory = [0; 49];
    receiver.handle_frame(at(0), &rts(BRM, 49, 7, 0xFF), &mut memory);
    assert_eq!(receiver.receiving(), Some(BRM));
    receiver.reset();
    assert_eq!((receiver.receiving(), receiver.poll_timeout()), (None, None));
    assert_eq!(receiver.poll_transmit(), None);
}

#[test]
fn a_new_announcement_replaces_the_old() {
    let mut charger = Charger::new(Timing::STANDARD);
    charger.take(0, rts(BRM, 49, 7, 0xFF));
    charger.take(1, dt(1));
    // The same message restarts silently.
    assert_eq!(
        charger.take(2, rts(BRM, 49, 7, 0xFF)).0,
        Some(ReceiverEvent::Started { pgn: BRM, replaced: None })
    );
    assert_eq!(
        charger.take(3, rts(BCP, 13, 2, 0xFF)).0,
        Some(ReceiverEvent::Started { pgn: BCP, replaced: Some(BRM) })
    );
    charger.take(4, dt(2));
    assert_eq!(charger.take(5, dt(1)).0, Some(ReceiverEvent::Received { pgn: BCP, size: 13 }));
}

#[test]
fn gaps_are_asked_for_hole_by_hole_twice_at_most() {
    let mut charger = Charger::new(Timing::STANDARD);
    charger.take(0, rts(BRM, 49, 7, 0xFF));
    for number in [1, 3, 6] {
        assert_eq!(charger.take(1, dt(number)), (None, None));
    }
    assert_eq!(
        charger.take(2, dt(7)),
        (Some(ReceiverEvent::Retransmit { pgn: BRM, from: 2 }), cts(1, 2))
    );
    // Outside the grant: ignored.
    assert_eq!(charger.take(3, dt(4)), (None, None));
    assert_eq!(
        charger.take(4, dt(2)),
        (Some(ReceiverEvent::Retransmit { pgn: BRM, from: 4 }), cts(2, 4))
    );
    assert_eq!(charger.take(5, dt(4)), (None, None));
    assert_eq!(charger.take(6, dt(5)).0, Some(ReceiverEvent::Received { pgn: BRM, size: 49 }));

    charger.take(10, rts(BRM, 49, 7, 0xFF));
    for number in [1, 3, 5] {
        charger.take(11, dt(number));
    }
    assert_eq!(charger.take(12, dt(7)).1, cts(1, 2));
    assert_eq!(charger.take(13, dt(2)).1, cts(1, 4));
    let (event, answer) = charger.take(14, dt(4));
    let reason = AbortReason::TooManyRetransmits;
    assert_eq!(event, Some(ReceiverEvent::Aborted { pgn: BRM, reason }));
    assert_eq!(answer, Some(Control::Abort { reason, pgn: BRM }));
}

#[test]
fn windows_of_either_side_bound_the_grant() {
    let mut charger = Charger::new(Timing::STANDARD);
    assert_eq!(charger.take(0, rts(BRM, 49, 7, 3)).1, cts(3, 1));
    charger.take(1, dt(1));
    // The fourth packet is not granted yet.
    charger.take(1, dt(4));
    charger.take(1, dt(2));
    assert_eq!(charger.take(2, dt(3)), (None, cts(3, 4)));
    charger.take(3, dt(4));
    charger.take(3, dt(5));
    assert_eq!(charger.take(4, dt(6)), (None, cts(1, 7)));
    assert!(charger.take(5, dt(7)).0.is_some());
    let mut charger = Charger::new(Timing { window: 2, ..Timing::STANDARD });
    assert_eq!(charger.take(0, rts(BRM, 49, 7, 3)).1, cts(2, 1));
}

#[test]
fn t1_and_t2_abort_with_reason_3() {
    let mut charger = Charger::new(Timing::STANDARD);
    charger.take(0, rts(BRM, 49, 7, 0xFF));
    assert_eq!(charger.receiver.poll_timeout(), Some(at(1250)));
    assert_eq!(charger.receiver.handle_timeout(at(1249)), None);
    charger.take(1000, dt(1));
    assert_eq!(charger.receiver.poll_timeout(), Some(at(1750)));
    let reason = AbortReason::Timeout;
    assert_eq!(
        charger.receiver.handle_timeout(at(1750)),
        Some(ReceiverEvent::Aborted { pgn: BRM, reason })
    );
    assert_eq!(charger.sent(), Some(Control::Abort { reason, pgn: BRM }));
    assert_eq!(charger.take(1760, dt(2)), (None, None));
}

#[test]
fn an_abort_by_the_originator_is_not_answered() {
    let mut charger = Charger::new(Timing::STANDARD);
    charger.take(0, rts(BRM, 49, 7, 0xFF));
    let abort = |pgn| Control::Abort { reason: AbortReason::Unknown(0xFF), pgn }.encode(Party::Bms);
    assert_eq!(charger.take(1, abort(BCP)), (None, None));
    let event = ReceiverEvent::AbortedByPeer { pgn: BRM, reason: AbortReason::Unknown(0xFF) };
    assert_eq!(charger.take(1, abort(BRM)), (Some(event), None));
    assert_eq!(charger.take(2, dt(1)), (None, None));
}

#[test]
fn wrong_lengths_bam_and_foreign_frames_are_ignored() {
    let mut charger = Charger::new(Timing::STANDARD);
    let id = rts(BRM, 49, 7, 0xFF).id();
    assert_eq!(
        charger.take(0, Frame::new(id, &[0x10, 49, 0, 7, 0xFF, 0, 2]).unwrap()),
        (None, None)
    );
    assert_eq!(charger.take(0, Frame::full(id, [0x20, 49, 0, 7, 0xFF, 0, 2, 0])), (None, None));
    let own = Control::RequestToSend { size: 49, packets: 7, window: 0xFF, pgn: BRM }
        .encode(Party::Charger);
    assert_eq!(charger.take(0, own), (None, None));
}

fn bms_sender() -> Sender {
    Sender::new(Party::Bms, Timing::STANDARD)
}

fn drain(sender: &mut Sender, now: u64, message: &[u8]) -> Vec<Frame> {
    core::iter::from_fn(|| sender.poll_transmit(at(now), message)).collect()
}

fn answer(control: Control) -> Frame {
    control.encode(Party::Charger)
}

#[test]
fn the_originator_sends_what_is_granted() {
    let message: Vec<u8> = (0..13).collect();
    let mut sender = bms_sender();
    assert!(!sender.start(at(0), BCP, 8) && !sender.start(at(0), BCP, 1786));
    assert!(sender.start(at(0), BCP, 13));
    assert_eq!(std::format!("{}", drain(&mut sender, 0, &message)[0]), "1CEC56F4#100D0002FF000600");
    let grant = |packets, next| answer(Control::ClearToSend { packets, next, pgn: BCP });
    // A hold, then one packet, then the other twice.
    assert_eq!(sender.handle_frame(at(100), &grant(0, 1)), None);
    assert_eq!(sender.poll_timeout(), Some(at(1150)));
    sender.handle_frame(at(200), &grant(1, 1));
    assert_eq!(
        std::format!("{}", drain(&mut sender, 200, &message)[0]),
        "1CEB56F4#0100010203040506"
    );
    assert_eq!(sender.poll_timeout(), Some(at(1450)));
    for now in [300, 400] {
        // More than there are: bounded by the message.
        sender.handle_frame(at(now), &grant(5, 2));
        assert_eq!(
            std::format!("{}", drain(&mut sender, now, &message)[0]),
            "1CEB56F4#020708090A0B0CFF"
        );
    }
    let done = answer(Control::EndOfMessage { size: 13, packets: 2, pgn: BCP });
    assert_eq!(sender.handle_frame(at(500), &done), Some(SenderEvent::Delivered { pgn: BCP }));
    assert!(!sender.is_busy());
    assert_eq!(sender.handle_frame(at(501), &done), None);
}

/// A hole in the middle, filled: the message is as complete as if its last packet had come last.
#[test]
fn a_filled_hole_is_acknowledged() {
    let message = [7; 49];
    let mut sender = Sender::new(Party::Bms, Timing { spacing: 0, ..Timing::STANDARD });
    sender.start(at(0), BRM, 49);
    let done = answer(Control::EndOfMessage { size: 49, packets: 7, pgn: BRM });
    for (packets, next, count) in [(7, 1, 8), (2, 3, 2)] {
        sender.handle_frame(at(5), &answer(Control::ClearToSend { packets, next, pgn: BRM }));
        assert_eq!(drain(&mut sender, 5, &message).len(), count);
    }
    assert_eq!(sender.handle_frame(at(9), &done), Some(SenderEvent::Delivered { pgn: BRM }));
    // Before the last packet went out once, it is early.
    sender.start(at(10), BRM, 49);
    sender.handle_frame(at(10), &answer(Control::ClearToSend { packets: 6, next: 1, pgn: BRM }));
    drain(&mut sender, 10, &message);
    let early = Some(SenderEvent::BadAcknowledgement { pgn: BRM });
    assert_eq!(sender.handle_frame(at(11), &done), early);
}

#[test]
fn packets_keep_their_distance() {
    let message = [7; 49];
    let mut sender = bms_sender();
    sender.start(at(0), BRM, 49);
    drain(&mut sender, 0, &message);
    sender.handle_frame(at(5), &answer(Control::ClearToSend { packets: 7, next: 1, pgn: BRM }));
    assert_eq!(drain(&mut sender, 5, &message).len(), 1);
    assert_eq!(drain(&mut sender, 14, &message).len(), 0);
    assert_eq!(sender.poll_timeout(), Some(at(15)));
    assert_eq!(drain(&mut sender, 15, &message).len(), 1);
}

#[test]
fn the_originator_gives_up_for_each_reason() {
    let start = || {
        let mut sender = bms_sender();
        sender.start(at(0), BRM, 49);
        drain(&mut sender, 0, &[0; 49]);
        sender
    };
    let aborted = |mut sender: Sender, event, reason| {
        assert_eq!(event, Some(SenderEvent::Aborted { pgn: BRM, reason }));
        let frames = drain(&mut sender, 9999, &[0; 49]);
        assert_eq!(frames, [Control::Abort { reason, pgn: BRM }.encode(Party::Bms)]);
        assert!(!sender.is_busy());
    };
    let mut sender = start();
    assert_eq!(sender.handle_timeout(at(1249)), None);
    let event = sender.handle_timeout(at(1250));
    aborted(sender, event, AbortReason::Timeout);
    let mut sender = start();
    let event =
        sender.handle_frame(at(1), &answer(Control::ClearToSend { packets: 1, next: 8, pgn: BRM }));
    aborted(sender, event, AbortReason::Other);
    let mut sender = start();
    sender.handle_frame(at(1), &answer(Control::ClearToSend { packets: 7, next: 1, pgn: BRM }));
    let event =
        sender.handle_frame(at(2), &answer(Control::ClearToSend { packets: 7, next: 1, pgn: BRM }));
    aborted(sender, event, AbortReason::ClearToSendDuringTransfer);
    let mut sender = start();
    let abort = answer(Control::Abort { reason: AbortReason::Resources, pgn: BRM });
    let event = SenderEvent::AbortedByPeer { pgn: BRM, reason: AbortReason::Resources };
    assert_eq!(sender.handle_frame(at(1), &abort), Some(event));
    let mut sender = start();
    let early = answer(Control::EndOfMessage { size: 49, packets: 7, pgn: BRM });
    assert_eq!(
        sender.handle_frame(at(1), &early),
        Some(SenderEvent::BadAcknowledgement { pgn: BRM })
    );
}

#[test]
fn every_abort_code_survives() {
    for code in 0..=u8::MAX {
        assert_eq!(AbortReason::from_code(code).to_code(), code);
    }
}

#[test]
fn memory_as_long_as_the_message_is_enough() {
    let (first, last) = ([1; 7], [2, 3, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
    for order in [[1, 2], [2, 1]] {
        let mut memory = [0; 9];
        let mut reassembly = Reassembly::new(BRM, 9, 2, memory.len()).unwrap();
        let stored = order.map(|number| {
            let data = if number == 1 { &first } else { &last };
            reassembly.store(number, data, &mut memory)
        });
        assert_eq!(stored, [Stored::More, Stored::Complete], "{order:?}");
        assert_eq!(memory, [1, 1, 1, 1, 1, 1, 1, 2, 3]);
    }
}

proptest! {
    /// Any order of the packets inside a grant, with duplicates, gives the in-order result.
    #[test]
    fn order_does_not_matter(size in 9_u16..=1785, seed in any::<u64>()) {
        let message: Vec<u8> = (0..size).map(|i| (i % 251) as u8).collect();
        let packets = packets_of(size) as u8;
        let mut numbers: Vec<u8> = (1..=packets).collect();
        let mut state = seed | 1;
        for i in (1..numbers.len()).rev() {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1);
            numbers.swap(i, (state >> 33) as usize % (i + 1));
        }
        let mut memory = vec![0; 1785];
        let mut reassembly = Reassembly::new(BRM, size, packets, memory.len()).unwrap();
        let last = *numbers.last().unwrap();
        for (before, &number) in numbers.iter().enumerate() {
            prop_assert_eq!(usize::from(reassembly.stored()), before);
            let mut packet = [0xFF; 7];
            for (to, from) in packet.iter_mut().zip(&message[usize::from(number - 1) * 7..]) {
                *to = *from;
            }
            let expected = if number == last { Stored::Complete } else { Stored::More };
            prop_assert_eq!(reassembly.store(number, &packet, &mut memory), expected);
            prop_assert_eq!(reassembly.store(number, &packet, &mut memory), Stored::Duplicate);
            for beyond in [0, packets.saturating_add(1)].into_iter().filter(|n| !numbers.contains(n)) {
                let refused = reassembly.store(beyond, &packet, &mut memory);
                prop_assert_eq!(refused, Stored::NoSuchPacket);
            }
        }
        prop_assert_eq!(reassembly.stored(), packets);
        prop_assert_eq!(&memory[..size.into()], &message[..]);
    }

    /// Sender and receiver over a bus that loses some data packets: delivered whole, or both ends know it failed.
    #[test]
    fn lossy_transfers_never_deliver_other_bytes(
        size in 9_u16..=300, window in 1_u8..=40, limit in 1_u8..=255, lose in proptest::collection::vec(any::<bool>(), 64)
    ) {
        let message: Vec<u8> = (0..size).map(|i| (i * 7 % 253) as u8).collect();
        let timing = Timing { window, retransmit_requests: limit, ..Timing::STANDARD };
        let (mut sender, mut receiver) = (bms_sender(), Receiver::new(Party::Charger, timing));
        let mut memory = vec![0; 300];
        sender.start(at(0), BRM, size);
        let (mut delivered, mut lost) = (false, lose.iter());
        for ms in 0..60_000 {
            while let Some(frame) = sender.poll_transmit(at(ms), &message) {
                if frame.id().pf() == PF_TP_DT && lost.next().is_some_and(|l| *l) {
                    continue;
                }
                if let Some(ReceiverEvent::Received { size: got, .. }) = receiver.handle_frame(at(ms), &frame, &mut memory) {
                    prop_assert!(!delivered);
                    prop_assert_eq!(&memory[..got.into()], &message[..]);
                    delivered = true;
                }
                while let Some(frame) = receiver.poll_transmit() {
                    sender.handle_frame(at(ms), &frame);
                }
            }
            sender.handle_timeout(at(ms));
            receiver.handle_timeout(at(ms));
            while let Some(frame) = receiver.poll_transmit() {
                sender.handle_frame(at(ms), &frame);
            }
        }
        prop_assert!(!sender.is_busy());
        prop_assert_eq!(receiver.receiving(), None);
    }
}
