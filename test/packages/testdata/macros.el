# What EL9, EL10 and Fedora have beside rpm's own macros, by the packages that the spec file asks for. Each stands for itself here: what the spec file
# uses and this does not name is left as it is written, and the test sees it.

# redhat-rpm-config
%dist .el
%_libexecdir %{_prefix}/libexec
%make_build %{__make} -O -j2

# rpm, as these distributions configure it
%_pkgdocdir %{_docdir}/%{name}
%_arch x86_64

# systemd-rpm-macros
%_unitdir %{_prefix}/lib/systemd/system
%_sysusersdir %{_prefix}/lib/sysusers.d
%_tmpfilesdir %{_prefix}/lib/tmpfiles.d
%systemd_requires \
Requires(post): systemd \
Requires(preun): systemd \
Requires(postun): systemd
%systemd_post() units-post %{*}
%systemd_preun() units-preun %{*}
%systemd_postun_with_restart() units-postun %{*}

# firewalld-filesystem
%firewalld_reload() firewalld-reload

# selinux-policy
%selinux_relabel_pre(s:) selinux-pre
%selinux_relabel_post(s:) selinux-post
%selinux_modules_install(s:p:) selinux-install %{*}
%selinux_modules_uninstall(s:p:) selinux-uninstall %{*}
