namespace Congress.Datalog.Syntax;

/// <summary>How large a table or a rule may be. A row and a binding have room on the stack, and a plan is made in time
/// quadratic in the literals; no policy written by hand comes near.</summary>
internal static class FormLimits
{
    /// <summary>The most columns of a table.</summary>
    public const int MaxArity = 1024;

    /// <summary>The most literals in a body.</summary>
    public const int MaxLiterals = 2048;

    /// <summary>The most variables in a rule, anonymous ones included where they count.</summary>
    public const int MaxVariables = 8192;
}
