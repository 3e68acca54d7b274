#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]
#![allow(non_camel_case_types, reason = "the types carry the names that C programs use")]

mod exi;
mod gbt27930;
mod memory;
mod session;
mod status;
mod tariff;

pub use exi::*;
pub use gbt27930::*;
pub use session::*;
pub use status::*;
pub use tariff::*;

/// Firmware: halts. No path of this library leads here (`bindings/c/check` looks for one in the linked program).
#[cfg(not(any(feature = "std", test)))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {
        core::hint::spin_loop();
    }
}

/// The pre-built 128-bit division names the unwinder's routine in its tables; nothing unwinds in firmware.
#[cfg(not(any(feature = "std", test)))]
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}
