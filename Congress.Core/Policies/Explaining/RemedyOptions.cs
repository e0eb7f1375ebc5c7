namespace Congress.Policies.Explaining;

/// <summary>What a remedy may do, and how long to look for one.</summary>
public sealed record RemedyOptions
{
    /// <summary>The tables whose rows may be inserted and deleted: <c>policy:table</c>, or <c>table</c> in the policy that is asked.</summary>
    public IReadOnlyCollection<string> Changeable { get; init; } = [];

    /// <summary>The policies of kind action whose actions may be called; null for all.</summary>
    public IReadOnlyCollection<string>? ActionPolicies { get; init; }

    /// <summary>The most steps of a remedy, one or two.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is another number.</exception>
    public int MaxSteps
    {
        get;
        init => field = value is 1 or 2 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "a remedy has one step or two");
    } = 2;

    /// <summary>How long to look.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromSeconds(5);
}
