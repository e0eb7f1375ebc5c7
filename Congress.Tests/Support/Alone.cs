namespace Congress.Tests;

/// <summary>Tests that measure what all of the process uses, so nothing else runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
