namespace HostAudit;

internal static class Program
{
    private static void Main()
    {
    }
}
