namespace Congress.Tests.Properties;

/// <summary>Counts how often something happens, so that a test can tell whether it tests anything.</summary>
internal sealed class Tally
{
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    public int this[string what] => _counts.GetValueOrDefault(what);

    public void Count(string what, bool happens = true)
    {
        if (happens)
        {
            _counts[what] = this[what] + 1;
        }
    }

    public override string ToString() => string.Join(", ", _counts.Select(c => $"{c.Key} {c.Value}"));
}
