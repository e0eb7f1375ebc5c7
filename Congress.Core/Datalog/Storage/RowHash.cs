using System.Runtime.CompilerServices;

namespace Congress.Datalog.Storage;

/// <summary>The hash of a row of handles; its upper bits are the best.</summary>
internal static class RowHash
{
    private const ulong Multiplier = 0x9E3779B97F4A7C15;   // 2^64 / golden ratio: Fibonacci hashing, Knuth 6.4

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Of(ReadOnlySpan<int> row)
    {
        ulong hash = 0;
        foreach (var cell in row)
        {
            hash = Mix(hash, cell);
        }

        return (uint)(hash >> 32);
    }

    /// <summary>The hashes of rows side by side.</summary>
    public static void Of(ReadOnlySpan<int> rows, int arity, Span<uint> hashes)
    {
        switch (arity)
        {
            case 1:
                for (var i = 0; i < hashes.Length; i++)
                {
                    hashes[i] = (uint)(Mix(0, rows[i]) >> 32);
                }

                break;
            case 2:
                for (int i = 0, cell = 0; i < hashes.Length; i++, cell += 2)
                {
                    hashes[i] = (uint)(Mix(Mix(0, rows[cell]), rows[cell + 1]) >> 32);
                }

                break;
            case 3:
                for (int i = 0, cell = 0; i < hashes.Length; i++, cell += 3)
                {
                    hashes[i] = (uint)(Mix(Mix(Mix(0, rows[cell]), rows[cell + 1]), rows[cell + 2]) >> 32);
                }

                break;
            default:
                for (var i = 0; i < hashes.Length; i++)
                {
                    hashes[i] = Of(rows.Slice(i * arity, arity));
                }

                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong hash, int cell) => ((hash ^ (uint)cell) * Multiplier) ^ (hash >> 29);
}
