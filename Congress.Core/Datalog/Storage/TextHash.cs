using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Congress.Datalog.Storage;

/// <summary>The hash of bytes, eight at a time by a multiplication to 128 bits whose halves are folded together.</summary>
/// <remarks>After wyhash (Wang Yi, 2019). The seed differs from table to table, so that nobody can prepare texts that collide.</remarks>
internal static class TextHash
{
    private const ulong First = 0xA0761D6478BD642F;
    private const ulong Second = 0xE7037ED1A0B428DB;

    public static uint Of(ReadOnlySpan<byte> text, ulong seed)
    {
        var hash = seed ^ ((ulong)text.Length * First);
        if (text.Length < sizeof(ulong))
        {
            ulong few = 0;
            foreach (var one in text)
            {
                few = (few << 8) | one;
            }

            return Finish(hash ^ few, seed);
        }

        ref var start = ref MemoryMarshal.GetReference(text);
        var last = text.Length - sizeof(ulong);
        for (var i = 0; i < last; i += sizeof(ulong))
        {
            hash = Fold(hash ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, i)), Second);
        }

        return Finish(hash ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, last)), seed);
    }

    private static uint Finish(ulong hash, ulong seed) => (uint)(Fold(hash, First ^ seed) >> 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong x, ulong y) => Math.BigMul(x, y, out var low) ^ low;
}
