using Congress.Data;

namespace Congress.Policies;

/// <summary>A policy as it is.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Rules">The number of its rules.</param>
public sealed record PolicyInfo(string Name, PolicyKind Kind, int Rules);
