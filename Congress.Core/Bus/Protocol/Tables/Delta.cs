using Congress.Data;

namespace Congress.Bus.Protocol.Tables;

/// <summary>One change of a published table: what leads from the state before to this one.</summary>
/// <param name="Sequence">The number of the state.</param>
/// <param name="Inserted">Rows that were not there.</param>
/// <param name="Deleted">Rows that were.</param>
/// <param name="Bytes">Their size, by estimate.</param>
internal sealed record Delta(ulong Sequence, Row[] Inserted, Row[] Deleted, long Bytes)
{
    /// <summary>The number of rows that change.</summary>
    public int Count => Inserted.Length + Deleted.Length;

    /// <summary>A part of the change, from the given row on (insertions first).</summary>
    public DeltaPart Part(uint number, int from, int count)
    {
        var inserted = Math.Clamp(Inserted.Length - from, 0, count);
        return new(Sequence, number, from + count == Count, Inserted.AsMemory(Math.Min(from, Inserted.Length), inserted),
            Deleted.AsMemory(Math.Max(0, from - Inserted.Length), count - inserted));
    }
}
