int Short();
