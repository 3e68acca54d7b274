//! What every program here shares: a panic handler that cannot link.
#![no_std]

unsafe extern "C" {
    /// Defined nowhere. If the linker asks for it, some path of the program can panic.
    fn a_panic_path_survived() -> !;
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    // SAFETY: never runs; a program in which this is reachable does not link.
    unsafe { a_panic_path_survived() }
}

/// The pre-built 128-bit division names the unwinder's routine in its tables. Nothing unwinds here (`panic = "abort"`).
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}
