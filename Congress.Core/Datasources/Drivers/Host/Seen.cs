namespace Congress.Datasources.Drivers.Host;

/// <summary>What came of looking at a file or folder.</summary>
/// <param name="Content">What it holds, the first part of it when cut; otherwise null with a fault that says why.</param>
/// <param name="Fault">Why the content is absent or incomplete; null when all is well.</param>
internal readonly record struct Seen<T>(T? Content, Fault? Fault = null)
    where T : class;

/// <summary>Why something could not be seen whole.</summary>
internal enum Fault
{
    /// <summary>It is not there.</summary>
    Missing,

    /// <summary>We may not read it.</summary>
    Denied,

    /// <summary>Reading it failed.</summary>
    Failed,

    /// <summary>It is longer than the bound.</summary>
    Cut,
}
