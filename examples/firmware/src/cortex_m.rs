//! What a C runtime is on the host: vector table, start-up, and the way out, for a Cortex-M4 under emulation.
//!
//! The stack is painted before the program runs; what it has overwritten afterwards is the program's need. Result and
//! need go out by semihosting, the debugger's calls that `qemu-system-arm` answers.

use core::arch::{asm, global_asm};
use core::fmt::{self, Write};

const PAINT: u32 = 0xA5A5_A5A5;
const SYS_WRITE0: u32 = 0x04;
const SYS_EXIT_EXTENDED: u32 = 0x20;
const APPLICATION_EXIT: u32 = 0x2_0026;
/// What an exit by a fault tells.
const FAULT: i32 = 101;

global_asm!(
    ".section .vector_table, \"a\"",
    ".word __stack_top",
    ".word reset",
    // NMI, hard fault, memory management, bus and usage fault.
    ".rept 5",
    ".word fault",
    ".endr",
    ".rept 9",
    ".word 0",
    ".endr",
    ".section .text.reset, \"ax\"",
    ".thumb_func",
    ".global reset",
    "reset:",
    // The floating-point unit: full access to coprocessors 10 and 11.
    "ldr r0, =0xE000ED88",
    "ldr r1, [r0]",
    "orr r1, r1, #0xF00000",
    "str r1, [r0]",
    "dsb",
    "isb",
    "ldr r0, =__bss_start",
    "ldr r1, =__bss_end",
    "movs r2, #0",
    "1: cmp r0, r1",
    "bhs 2f",
    "stm r0!, {{r2}}",
    "b 1b",
    "2: ldr r0, =__data_start",
    "ldr r1, =__data_end",
    "ldr r3, =__data_load",
    "3: cmp r0, r1",
    "bhs 4f",
    "ldm r3!, {{r2}}",
    "stm r0!, {{r2}}",
    "b 3b",
    "4: ldr r0, =__stack_bottom",
    "mov r1, sp",
    "ldr r2, ={paint}",
    "5: cmp r0, r1",
    "bhs 6f",
    "stm r0!, {{r2}}",
    "b 5b",
    "6: bl main",
    "bl {leave}",
    ".thumb_func",
    ".global fault",
    "fault: movs r0, {fault}",
    "bl {exit}",
    paint = const PAINT,
    leave = sym leave,
    exit = sym exit,
    fault = const FAULT,
);

unsafe extern "C" {
    static __stack_bottom: u32;
    static __stack_top: u32;
}

/// After `main`: tells how much of the stack it took, and its result.
extern "C" fn leave(result: i32) -> ! {
    let bottom = &raw const __stack_bottom;
    let top = &raw const __stack_top;
    let mut lowest = bottom;
    // SAFETY: both symbols bound the stack, which is memory; reading it changes nothing.
    while lowest < top && unsafe { lowest.read_volatile() } == PAINT {
        lowest = lowest.wrapping_add(1);
    }
    let _ = writeln!(Terminal, "stack {}", top as usize - lowest as usize);
    exit(result)
}

/// Ends the program as a fault does.
#[cfg(feature = "heap")]
pub(crate) fn fail() -> ! {
    exit(FAULT)
}

extern "C" fn exit(result: i32) -> ! {
    let arguments = [APPLICATION_EXIT, result.cast_unsigned()];
    loop {
        semihosting(SYS_EXIT_EXTENDED, (&raw const arguments).cast());
    }
}

struct Terminal;

impl Write for Terminal {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // The call wants a terminating zero, so at most this much goes out at once.
        let mut line = [0; 16];
        for chunk in text.as_bytes().chunks(line.len() - 1) {
            line.fill(0);
            for (to, from) in line.iter_mut().zip(chunk) {
                *to = *from;
            }
            semihosting(SYS_WRITE0, line.as_ptr().cast());
        }
        Ok(())
    }
}

/// A call to the debugger.
fn semihosting(operation: u32, arguments: *const u32) {
    // SAFETY: the emulator reads what `arguments` points to, which the caller owns, and returns in r0.
    unsafe { asm!("bkpt 0xAB", inout("r0") operation => _, in("r1") arguments, options(nostack)) }
}
