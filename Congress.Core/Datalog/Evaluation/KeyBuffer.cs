namespace Congress.Datalog.Evaluation;

/// <summary>Puts the keys of many bindings side by side, so that they are looked up together.</summary>
internal sealed class KeyBuffer
{
    private int[] _cells = [];

    /// <summary>The keys of some bindings.</summary>
    /// <param name="key">Where the cells of a key come from.</param>
    /// <param name="from">The first binding.</param>
    /// <param name="count">The number of bindings.</param>
    public ReadOnlySpan<int> Of(Source[] key, int from, int count)
    {
        if (key is [{ Column: { } single }])
        {
            return single.AsSpan(from, count);
        }

        if (_cells.Length < count * key.Length)
        {
            _cells = new int[count * key.Length];
        }

        for (var i = 0; i < key.Length; i++)
        {
            var source = key[i];
            for (int binding = from, cell = i; binding < from + count; binding++, cell += key.Length)
            {
                _cells[cell] = source[binding];
            }
        }

        return _cells.AsSpan(0, count * key.Length);
    }
}
