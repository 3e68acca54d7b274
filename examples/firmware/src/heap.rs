//! A heap of fixed size for the programs that need `alloc`; what is freed can be used again.

use core::mem::MaybeUninit;

use linked_list_allocator::LockedHeap;

const BYTES: usize = 256 * 1024;

static mut ARENA: [MaybeUninit<u8>; BYTES] = [MaybeUninit::uninit(); BYTES];

#[global_allocator]
static HEAP: LockedHeap = LockedHeap::empty();

/// Gives the arena to the allocator; the first thing that a program with a heap does. Before it every allocation fails.
pub fn begin() {
    let mut heap = HEAP.lock();
    if heap.size() == 0 {
        // SAFETY: the arena is handed out here only, and only once: afterwards the heap has a size.
        unsafe { heap.init((&raw mut ARENA).cast(), BYTES) }
    }
}
