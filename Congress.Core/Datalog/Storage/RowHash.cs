using System.Runtime.CompilerServices;

namespace Congress.Datalog.Storage;

/// <summary>The hash of a row of handles.</summary>
internal static class RowHash
{
    private const ulong Multiplier = 0x9E3779B97F4A7C15;   // 2^64 / golden ratio: Fibonacci hashing, Knuth 6.4

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Of(ReadOnlySpan<int> row)
    {
        ulong hash = 0;
        foreach (var cell in row)
        {
            hash = ((hash ^ (uint)cell) * Multiplier) ^ (hash >> 29);
        }

        return (int)(hash >> 33);
    }
}
