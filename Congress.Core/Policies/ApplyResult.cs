using Congress.Diagnostics;

namespace Congress.Policies;

/// <summary>What became of a batch.</summary>
/// <param name="Permitted">Whether all of it took effect; if not, nothing did.</param>
/// <param name="Diagnostics">Errors and warnings, in the order of the batch.</param>
public sealed record ApplyResult(bool Permitted, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>Throws when the batch was refused.</summary>
    /// <exception cref="PolicyException">The batch was refused.</exception>
    public ApplyResult ThrowIfRefused() => Permitted ? this : throw new PolicyException(Diagnostics);
}
