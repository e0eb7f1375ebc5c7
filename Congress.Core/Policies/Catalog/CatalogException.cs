using Congress.Diagnostics;

namespace Congress.Policies.Catalog;

/// <summary>Why a change of the catalog was refused.</summary>
public enum CatalogFailure
{
    /// <summary>There is a policy of that name.</summary>
    PolicyExists,

    /// <summary>The policy is one that every system has, and cannot be deleted.</summary>
    SystemPolicy,

    /// <summary>There is no such policy.</summary>
    NoPolicy,

    /// <summary>The policy has a rule with the same heads and conditions.</summary>
    RuleExists,

    /// <summary>The policy has no such rule.</summary>
    NoRule,

    /// <summary>The table has no such column.</summary>
    NoColumn,

    /// <summary>The text is not one rule.</summary>
    NotOneRule,
}

/// <summary>A change of policies or rules was refused, as it does not go with those that there are. Nothing has changed.</summary>
public sealed class CatalogException : CongressException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="failure">Why.</param>
    /// <param name="message">What was refused, and what is there.</param>
    public CatalogException(CatalogFailure failure, string message)
        : base(message) => Failure = failure;

    /// <summary>Why.</summary>
    public CatalogFailure Failure { get; }

    internal override string FailureName => NameOf(Failure);

    /// <summary>What a caller on another node knows a failure by.</summary>
    internal static string NameOf(CatalogFailure failure) => $"{typeof(CatalogException).FullName}.{failure}";
}
