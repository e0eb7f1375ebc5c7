namespace Congress.Cli;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCode
{
    public const int Fine = 0;

    /// <summary>A verb that judges has found something: violations, or files that are not formatted.</summary>
    public const int Judged = 1;

    /// <summary>The command line, a policy or a facts file is wrong.</summary>
    public const int BadInput = 2;

    /// <summary>Ctrl-C, as shells count it: 128 and the number of the signal.</summary>
    public const int Interrupted = 130;
}
