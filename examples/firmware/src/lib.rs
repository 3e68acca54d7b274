//! What the programs here share: a panic handler that cannot link, or, with the feature `heap`, one that can, and an
//! allocator; for Cortex-M the start-up, too.
#![no_std]

#[cfg(target_arch = "arm")]
mod cortex_m;
#[cfg(feature = "heap")]
pub mod heap;

#[cfg(not(feature = "heap"))]
unsafe extern "C" {
    /// Defined nowhere. If the linker asks for it, some path of the program can panic.
    fn a_panic_path_survived() -> !;
}

#[cfg(not(feature = "heap"))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    // SAFETY: never runs; a program in which this is reachable does not link.
    unsafe { a_panic_path_survived() }
}

/// `alloc`'s vectors bring panic paths of their own (capacity overflow), so their programs need a handler. It ends the
/// program, so that a heap that is too small shows as a failure and not as a hang.
#[cfg(feature = "heap")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    #[cfg(target_arch = "arm")]
    cortex_m::fail();
    #[cfg(not(target_arch = "arm"))]
    // SAFETY: the C library's, which takes nothing and does not return.
    unsafe {
        abort()
    }
}

#[cfg(all(feature = "heap", not(target_arch = "arm")))]
unsafe extern "C" {
    fn abort() -> !;
}

/// The pre-built 128-bit division names the unwinder's routine in its tables. Nothing unwinds here (`panic = "abort"`).
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}
