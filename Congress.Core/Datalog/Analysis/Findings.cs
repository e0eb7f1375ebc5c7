using Congress.Diagnostics;

namespace Congress.Datalog.Analysis;

/// <summary>Collects what analysis finds in one statement.</summary>
internal sealed class Findings
{
    private List<Diagnostic>? _diagnostics;
    private List<string>? _waitsFor;

    public IReadOnlyList<Diagnostic> Diagnostics => _diagnostics ?? [];

    /// <summary>The policies and datasources without which the statement cannot be understood.</summary>
    public IReadOnlyList<string> WaitsFor => _waitsFor ?? [];

    public bool HasErrors { get; private set; }

    public void Error(DiagnosticCode code, SourceSpan span, string message, string? hint = null)
    {
        HasErrors = true;
        (_diagnostics ??= []).Add(Diagnostic.Error(code, span, message, hint));
    }

    public void Warning(DiagnosticCode code, SourceSpan span, string message, string? hint = null) =>
        (_diagnostics ??= []).Add(Diagnostic.Warning(code, span, message, hint));

    public void WaitFor(string policy)
    {
        if (!(_waitsFor ??= []).Contains(policy, StringComparer.Ordinal))
        {
            _waitsFor.Add(policy);
        }
    }
}
