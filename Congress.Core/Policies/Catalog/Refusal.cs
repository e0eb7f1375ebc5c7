using Congress.Diagnostics;

namespace Congress.Policies.Catalog;

/// <summary>Why a request was refused, kept so that the same request is refused again.</summary>
/// <param name="Failure">Why it does not go with the policies and rules that there are; null when a policy text is wrong.</param>
/// <param name="Message">What was refused, where there is a failure.</param>
/// <param name="Diagnostics">What is wrong with the text, where there is none.</param>
public sealed record Refusal(CatalogFailure? Failure, string Message, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>The refusal that an exception stands for; null when it is none.</summary>
    internal static Refusal? Of(Exception exception) => exception switch
    {
        CatalogException catalog => new(catalog.Failure, catalog.Message, []),
        PolicyException policy => new(null, "", policy.Diagnostics),
        _ => null,
    };

    /// <summary>The exception with which it is told.</summary>
    internal CongressException ToException() => Failure is { } failure ? new CatalogException(failure, Message) : new PolicyException(Diagnostics);
}
