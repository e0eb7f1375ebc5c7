using System.Buffers.Binary;
using System.Runtime.CompilerServices;

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
        var rest = text;
        while (rest.Length > sizeof(ulong))
        {
            hash = Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(rest), Second);
            rest = rest[sizeof(ulong)..];
        }

        ulong last = 0;
        if (text.Length >= sizeof(ulong))
        {
            last = BinaryPrimitives.ReadUInt64LittleEndian(text[^sizeof(ulong)..]);
        }
        else
        {
            foreach (var one in rest)
            {
                last = (last << 8) | one;
            }
        }

        return (uint)(Fold(hash ^ last, First ^ seed) >> 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong x, ulong y) => Math.BigMul(x, y, out var low) ^ low;
}
