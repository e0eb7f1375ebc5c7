namespace Congress.Datasources.Drivers.Files;

/// <summary>What the characters of a field look like.</summary>
internal enum NumberForm
{
    /// <summary>No number: <c>007</c>, <c>+1</c>, <c>.5</c> and <c>1.</c> too.</summary>
    None,

    /// <summary><c>-?(0|[1-9][0-9]*)</c>.</summary>
    Integer,

    /// <summary>An integer with a fraction, an exponent or both, as in JSON: <c>-0.5</c>, <c>1e9</c>, <c>2.5E-3</c>.</summary>
    Real,
}
